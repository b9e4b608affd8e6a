import type { ViewDeclaration } from "../registry";

export const view: ViewDeclaration = {
  id: "classify",
  title: "Classify",
  says: "Models that tell the classes apart: trained, compared, judged by their mistakes, and explained.",
  icon: "matrix",
  order: 54,
  besideOthers: true,
  load: async () => ({
    Stage: (await import("./classify")).Classify,
    Side: (await import("./side")).ClassifySide,
  }),
};
