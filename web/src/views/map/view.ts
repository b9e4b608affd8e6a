import type { ViewDeclaration } from "../registry";

/** The map is always there, behind the other views: its stage and its stream live as long as the page. */
export const view: ViewDeclaration = {
  id: "map",
  title: "Map",
  says: "All rows laid out so that what is alike lies near.",
  icon: "map",
  order: 0,
  load: () => import("./side"),
};
