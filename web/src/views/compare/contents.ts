// What stands in the panes, as numbers and words. Pure.

/** A run of this session, by its number, or another view, by its id. */
export type Content = number | string;

export const MOST = 6;

/** These with another content in one place; a view stands in one pane at most. */
export const put = (all: readonly Content[], at: number, content: Content): readonly Content[] =>
  isElsewhere(all, at, content) ? all : all.map((one, i) => (i === at ? content : one));

/** Whether it is a view that stands in another pane already. */
export const isElsewhere = (all: readonly Content[], at: number, content: Content): boolean =>
  typeof content === "string" && all.some((one, i) => i !== at && one === content);

/** These and one more of what there is: the last that is not here yet, of runs else the last. */
export function more(all: readonly Content[], there: readonly Content[]): readonly Content[] {
  const next =
    there.findLast((one) => !all.includes(one)) ?? there.findLast((one) => typeof one === "number");
  return next === undefined || all.length >= MOST ? all : [...all, next];
}

export const without = (all: readonly Content[], at: number): readonly Content[] =>
  all.filter((_, i) => i !== at);

/** What an address calls a content: a kept map outlives the program, and with it the numbers of its runs. */
export type Name = { run: number } | { kept: string } | { view: string };

const KEPT = "k";
const VIEW = "v";

export function written(name: Name): string {
  if ("run" in name) return String(name.run);
  return "kept" in name ? KEPT + name.kept : VIEW + name.view;
}

/** The names that an address says; each view once, and no more than there can be panes. */
export function read(text: string): Name[] {
  const words = text.split(".").filter((word, i, all) => !word.startsWith(VIEW) || all.indexOf(word) === i);
  return words.slice(0, MOST).flatMap((word): Name[] => {
    if (word.startsWith(KEPT)) return [{ kept: word.slice(KEPT.length) }];
    if (word.startsWith(VIEW)) return [{ view: word.slice(VIEW.length) }];
    return /^\d+$/.test(word) ? [{ run: Number(word) }] : [];
  });
}
