// The form of a new map: what a person may choose, made from what the methods declare. Nothing of it is listed by hand.

import type { MethodRecord, OptionRecord } from "./net/wire";

export type Value = OptionRecord["default"];
/** What was typed, by the name of the option; an option that is not in it has its default. */
export type Typed = Readonly<Record<string, string>>;

export const DIMENSIONS = "n_components";
export const PRESET = "preset";
const NONE = "none";
const SELDOM = [DIMENSIONS, PRESET, "space", "steps"]; // never the one that matters most

type Declared = Pick<MethodRecord, "options">;

export const optionOf = (method: Declared | undefined, name: string): OptionRecord | undefined =>
  method?.options.find((option) => option.name === name);

/** The dimensions that the method can make, of the two that can be shown. */
export function dimensionsOf(method: MethodRecord): number[] {
  const declared = optionOf(method, DIMENSIONS);
  if (!declared) return [2];
  return [2, 3].filter((dims) => admits(declared, dims));
}

/** The options in two parts: the preset and the one that matters most, which is declared first; and all others. */
export function partsOf(method: MethodRecord): { first: OptionRecord[]; more: OptionRecord[] } {
  const main = method.options.find((option) => !SELDOM.includes(option.name));
  const first = method.options.filter((option) => option.name === PRESET || option === main);
  const more = method.options.filter((option) => option.name !== DIMENSIONS && !first.includes(option));
  return { first, more };
}

/** A value as it stands in a field. */
export const shownAs = (value: Value): string =>
  value === null ? NONE : Array.isArray(value) ? value.join(", ") : String(value);

/** A choice as people read it; the empty text is a choice as well. */
export const choiceName = (choice: Value): string => shownAs(choice) || NONE;

/** What may be given, in words. */
export function allowed(option: OptionRecord): string {
  const nouns = {
    whole: "a whole number",
    number: "a number",
    text: "text",
    texts: "names, with commas between them",
    flag: "yes or no",
  };
  let words = option.choices.length > 0 ? option.choices.map(choiceName).join(", ") : nouns[option.kind];
  if (option.low !== null && option.high !== null) words += ` from ${option.low} to ${option.high}`;
  else if (option.low !== null) words += ` of at least ${option.low}`;
  else if (option.high !== null) words += ` of at most ${option.high}`;
  return option.optional && !option.choices.includes(null) ? `${words}, or none` : words;
}

/** The value that was typed; undefined where it is not allowed. */
export function parse(option: OptionRecord, text: string): Value | undefined {
  const trimmed = text.trim();
  const choice = option.choices.find((each) => shownAs(each) === text || shownAs(each) === trimmed);
  if (choice !== undefined) return choice;
  if (option.optional && (trimmed === "" || trimmed === NONE)) return null;
  if (option.choices.length > 0) return undefined;
  if (option.kind === "text") return trimmed;
  if (option.kind === "texts") {
    const parts = text.split(",").map((part) => part.trim());
    return parts.filter((part) => part !== "");
  }
  if (option.kind === "flag") return trimmed === "true";
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
  return admits(option, value) ? value : undefined;
}

function admits(option: OptionRecord, value: number): boolean {
  if (!Number.isFinite(value) || (option.kind === "whole" && !Number.isSafeInteger(value))) return false;
  if (option.choices.length > 0) return option.choices.includes(value);
  return (
    value >= (option.low ?? Number.NEGATIVE_INFINITY) && value <= (option.high ?? Number.POSITIVE_INFINITY)
  );
}

/** The sentence that says what is wrong with what was typed, or nothing. */
export function problem(option: OptionRecord, text: string): string {
  return parse(option, text) === undefined ? `Allowed: ${allowed(option)}.` : "";
}

/** The options to ask for: those typed that are not the default. Null where one of them is not allowed. */
export function chosenOptions(method: Declared, typed: Typed): Record<string, Value> | null {
  const found: Record<string, Value> = {};
  for (const option of method.options) {
    const text = typed[option.name];
    if (text === undefined) continue;
    const value = parse(option, text);
    if (value === undefined) return null;
    if (shownAs(value) !== shownAs(option.default)) found[option.name] = value;
  }
  return found;
}

/** "early_steps" as people read it. */
export const labelOf = (option: OptionRecord): string => option.name.replaceAll("_", " ");
