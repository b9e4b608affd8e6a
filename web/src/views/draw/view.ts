import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "draw",
  title: "Draw",
  says: "Draw a digit or drop a photo: what it is taken for, what is like it, and where it goes on the map.",
  icon: "pen",
  order: 46,
  load: async () => {
    const [{ Stage }, { Side }] = await Promise.all([import("./stage"), import("./side")]);
    return { Stage, Side };
  },
};
