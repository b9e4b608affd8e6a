import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "look",
  title: "Look",
  says: "Questions about the data, each answered by a chart and a table.",
  icon: "chart",
  order: 30,
  besideOthers: true,
  load: () => import("./summaries"),
};
