import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "compare",
  title: "Compare",
  says: "Two to six maps beside each other, laid over one another, and what moved.",
  icon: "compare",
  order: 50,
  load: async () => ({
    Stage: (await import("./compare")).Compare,
    Side: (await import("./side")).CompareSide,
  }),
};
