import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "image",
  title: "Image",
  says: "One image as the numbers that it is made of.",
  icon: "image",
  order: 12,
  besideOthers: true,
  load: () => import("./image"),
};
