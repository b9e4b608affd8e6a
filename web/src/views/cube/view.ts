import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "cube",
  title: "Cube",
  says: "Any two pixels as axes: one look along two of all the dimensions.",
  icon: "cube",
  order: 40,
  besideOthers: true,
  load: async () => {
    const [{ Stage }, { Side }] = await Promise.all([import("./stage"), import("./side")]);
    return { Stage, Side };
  },
};
