import { describe, expect, it } from "vitest";
import { allowed, chosenOptions, dimensionsOf, parse, partsOf, problem, shownAs } from "./form";
import type { MethodRecord, OptionRecord } from "./net/wire";

const option = (name: string, fields: Partial<OptionRecord> = {}): OptionRecord => ({
  name,
  kind: "whole",
  optional: false,
  default: 2,
  help: "",
  low: null,
  high: null,
  choices: [],
  ...fields,
});

const method: MethodRecord = {
  id: "m",
  title: "M",
  says: "",
  cost_name: "cost",
  exaggerates: false,
  options: [
    option("n_components", { low: 2, high: 3 }),
    option("perplexity", { kind: "number", default: 30, low: 1, high: 1000 }),
    option("space", { default: 50, optional: true, low: 2, high: 10000 }),
    option("preset", { kind: "text", default: null, optional: true, choices: ["olah"] }),
    option("exact", { kind: "flag", default: false }),
  ],
};
const [dims, perplexity, space, preset, exact] = method.options as [
  OptionRecord,
  OptionRecord,
  OptionRecord,
  OptionRecord,
  OptionRecord,
];

describe("the form", () => {
  it("puts the preset and the option declared first in front", () => {
    const { first, more } = partsOf(method);
    expect(first.map((each) => each.name)).toEqual(["perplexity", "preset"]);
    expect(more.map((each) => each.name)).toEqual(["space", "exact"]);
  });

  it("hides the length of a run and the space", () => {
    const { first, more } = partsOf({ ...method, options: [dims, option("steps"), space] });
    expect(first).toEqual([]);
    expect(more.map((each) => each.name)).toEqual(["steps", "space"]);
  });

  it("offers the dimensions that the method can make", () => {
    expect(dimensionsOf(method)).toEqual([2, 3]);
    expect(dimensionsOf({ ...method, options: [{ ...dims, high: 2 }] })).toEqual([2]);
    expect(dimensionsOf({ ...method, options: [] })).toEqual([2]);
  });

  it("takes numbers within their bounds and nothing else", () => {
    expect(parse(perplexity, " 12.5 ")).toBe(12.5);
    expect(parse(perplexity, "1e2")).toBe(100);
    for (const text of ["", "x", "0.5", "1001", "0x10", "Infinity", "12,5"])
      expect(parse(perplexity, text)).toBeUndefined();
    expect(parse(space, "12.5")).toBeUndefined();
  });

  it("takes none only where the option may be without a value", () => {
    expect(parse(space, "none")).toBeNull();
    expect(parse(space, "")).toBeNull();
    expect(parse(perplexity, "none")).toBeUndefined();
  });

  it("takes choices by their words, and flags", () => {
    expect(parse(preset, "olah")).toBe("olah");
    expect(parse(preset, "other")).toBeUndefined();
    expect(parse(preset, "none")).toBeNull();
    expect(parse(exact, "true")).toBe(true);
    expect(parse(exact, "false")).toBe(false);
  });

  it("takes the empty text where that is a choice, and calls it none", () => {
    const text = option("preset", { kind: "text", default: "", choices: ["", "olah"] });
    expect(parse(text, "")).toBe("");
    expect(allowed(text)).toBe("none, olah");
    expect(chosenOptions({ ...method, options: [text] }, { preset: "olah" })).toEqual({ preset: "olah" });
  });

  it("takes choices as they are written, those that look like nothing among them", () => {
    const word = option("of", { kind: "text", default: null, optional: true, choices: [" a", "none"] });
    expect(parse(word, " a")).toBe(" a");
    expect(parse(word, "none")).toBe("none");
    expect(parse(word, "")).toBeNull();
    expect(parse(word, "b")).toBeUndefined();
  });

  it("says what is allowed", () => {
    expect(allowed(perplexity)).toBe("a number from 1 to 1000");
    expect(allowed(space)).toBe("a whole number from 2 to 10000, or none");
    expect(problem(perplexity, "0")).toBe("Allowed: a number from 1 to 1000.");
    expect(problem(perplexity, "30")).toBe("");
  });

  it("asks for what differs from the defaults, and for nothing where something is wrong", () => {
    expect(chosenOptions(method, {})).toEqual({});
    expect(chosenOptions(method, { n_components: "3", perplexity: "30", space: "none" })).toEqual({
      n_components: 3,
      space: null,
    });
    expect(chosenOptions(method, { perplexity: "-1" })).toBeNull();
  });

  it("takes names with commas between them as a list", () => {
    const columns = option("columns", { kind: "texts", default: [] });
    expect(parse(columns, " age, the site ,")).toEqual(["age", "the site"]);
    expect(shownAs(["age", "the site"])).toBe("age, the site");
    expect(chosenOptions({ options: [columns] }, { columns: " " })).toEqual({});
    expect(chosenOptions({ options: [columns] }, { columns: "age" })).toEqual({ columns: ["age"] });
    expect(allowed(columns)).toContain("commas");
  });
});
