// What was typed into the form of a model, and the request that it makes. Nothing of it is listed by hand.

import { signal } from "@preact/signals";
import { chosenOptions, parse, type Typed } from "../../form";
import type { KindRecord, KindsRecord, OptionRecord, TrainRequest } from "../../net/wire";

export const SECTIONS = ["options", "preparation", "rows"] as const;
export type Section = (typeof SECTIONS)[number];

export const FOLDS: OptionRecord = {
  name: "folds",
  kind: "whole",
  optional: false,
  default: 0,
  help: "models more, each of which judges a part of the training rows; 0 for none, 2 to 20",
  low: 0,
  high: 20,
  choices: [],
};

export const SEEDS: OptionRecord = {
  ...FOLDS,
  name: "seeds",
  help: "fits more with other seeds, to see how far the score depends on chance; 0 for none",
};

export interface Draft {
  kind: string;
  /** of each kind its own, by `kind options`; preparation and rows are those of all kinds */
  typed: Readonly<Record<string, Typed>>;
  folds: string;
  seeds: string;
}

export const FIRST_KIND = "logistic";

export const draft = signal<Draft>({ kind: FIRST_KIND, typed: {}, folds: "0", seeds: "0" });

const place = (kind: string, section: Section): string =>
  section === "options" ? `${kind} options` : section;

export const typedIn = (now: Draft, section: Section): Typed => now.typed[place(now.kind, section)] ?? {};

export function typeInto(now: Draft, section: Section, name: string, text: string): Draft {
  const at = place(now.kind, section);
  return { ...now, typed: { ...now.typed, [at]: { ...now.typed[at], [name]: text } } };
}

/** What may be chosen in a section for a kind: classes are a choice, and no components for kinds that look at images. */
export function optionsIn(
  there: KindsRecord,
  kind: KindRecord,
  section: Section,
  classes: readonly string[],
): OptionRecord[] {
  if (section === "options") return kind.options;
  if (section === "rows")
    return there.rows.map((option) =>
      option.name === "rare" && classes.length <= 200 ? { ...option, choices: [...classes] } : option,
    );
  return there.preparation
    .filter(({ name }) => !kind.of_images || (name !== "components" && name !== "degree"))
    .map((option) =>
      option.name === "scale" ? { ...option, default: kind.scale, optional: false } : option,
    );
}

/** The request, or null where something is not allowed. */
export function requestOf(
  now: Draft,
  there: KindsRecord,
  kind: KindRecord,
  classes: readonly string[],
): TrainRequest | null {
  const folds = parse(FOLDS, now.folds);
  const seeds = parse(SEEDS, now.seeds);
  const [options, preparation, rows] = SECTIONS.map((section) =>
    chosenOptions({ options: optionsIn(there, kind, section, classes) }, typedIn(now, section)),
  );
  if (!options || !preparation || !rows) return null;
  if (typeof folds !== "number" || folds === 1 || typeof seeds !== "number") return null;
  return { kind: kind.id, options, preparation, rows, folds, seeds };
}

/** The requests for all kinds as they are declared, on those rows; null where what was typed about them is not allowed. */
export function requestsOfAll(
  now: Draft,
  there: KindsRecord,
  classes: readonly string[],
  images: boolean,
): TrainRequest[] | null {
  const able = there.kinds.filter((kind) => !kind.missing && (images || !kind.of_images));
  const quickFirst = [...able.filter((kind) => !kind.of_images), ...able.filter((kind) => kind.of_images)];
  const asked = quickFirst.map((kind) => {
    const { [place(kind.id, "options")]: _, ...typed } = now.typed;
    return requestOf({ ...now, kind: kind.id, typed: withoutScale(typed) }, there, kind, classes);
  });
  return asked.includes(null) ? null : (asked as TrainRequest[]);
}

/** Each kind has the scale that it asks for. */
function withoutScale(typed: Readonly<Record<string, Typed>>): Readonly<Record<string, Typed>> {
  const { scale: _, ...preparation } = typed.preparation ?? {};
  return { ...typed, preparation };
}
