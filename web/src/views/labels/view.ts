import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "labels",
  title: "Labels",
  says: "Which labels to distrust, why, and what you decide about them.",
  icon: "labels",
  order: 35,
  ownImage: true,
  keys: [
    { keys: "S", says: "take the label that is suggested" },
    { keys: "0 – 9", says: "relabel as that class" },
    { keys: "C", says: "type the class" },
    { keys: "K", says: "keep the label" },
    { keys: "A", says: "ambiguous: no label is right" },
    { keys: "X", says: "leave the image out" },
    { keys: "L", says: "decide later" },
    { keys: "N", says: "write a note" },
    { keys: "↑ ↓", says: "the image before, the next" },
    { keys: "← →", says: "of two that are the same: the one, the other" },
  ],
  load: async () => {
    const [{ Stage }, { Side }] = await Promise.all([import("./stage"), import("./side")]);
    return { Stage, Side };
  },
};
