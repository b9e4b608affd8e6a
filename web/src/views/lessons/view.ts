import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "lessons",
  title: "Lessons",
  says: "What the documents teach about learning, to move and to run: the printed numbers beside ours.",
  icon: "book",
  order: 62,
  load: () => import("./lessons"),
};
