import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "components",
  title: "PCA",
  says: "The directions in which the data vary most, and what each of them looks at.",
  icon: "components",
  order: 20,
  besideOthers: true,
  load: async () => {
    const [{ Stage }, { Side }] = await Promise.all([import("./stage"), import("./side")]);
    return { Stage, Side };
  },
};
