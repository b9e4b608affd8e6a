import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "tour",
  title: "Tour",
  says: "From pixels to maps: a known essay, alive on this data.",
  icon: "tour",
  order: 60,
  load: async () => {
    const [{ Stage }, { Side }] = await Promise.all([import("./stage"), import("./side")]);
    return { Stage, Side };
  },
};
