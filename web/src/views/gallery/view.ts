import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "gallery",
  title: "Gallery",
  says: "The images themselves, all of them, sorted and grouped as you like.",
  icon: "gallery",
  order: 10,
  besideOthers: true,
  load: () => import("./gallery"),
};
