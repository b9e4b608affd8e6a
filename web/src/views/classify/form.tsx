// The next model: its kind, what is done to the values first, and which rows it is trained on.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { problem, shownAs } from "../../form";
import { chosenModel, models } from "../../models";
import { Refused } from "../../net/api";
import type { KindRecord, KindsRecord, OptionRecord, TrainRequest } from "../../net/wire";
import { dataset } from "../../state";
import { OptionField } from "../../ui/field";
import { train } from "./api";
import {
  draft,
  FIRST_KIND,
  FOLDS,
  optionsIn,
  requestOf,
  requestsOfAll,
  SEEDS,
  type Section,
  typedIn,
  typeInto,
} from "./draft";
import { kinds } from "./state";

const FIRST = 2; // options of the kind that stand in sight
const refusal = signal<{ option: string; text: string } | null>(null);
const sent = signal(false);

export function TrainForm(): JSX.Element | null {
  const there = kinds.value;
  if (!there) return null;
  const kind = there.kinds.find((each) => each.id === draft.value.kind) ?? (there.kinds[0] as KindRecord);
  const classes = dataset.value?.classes ?? [];
  const request = requestOf(draft.value, there, kind, classes);
  const refused = refusal.value;
  const touched =
    Object.keys(draft.value.typed).length > 0 || draft.value.folds !== "0" || draft.value.seeds !== "0";
  const impossible =
    kind.missing ||
    (kind.of_images && !dataset.value?.image_shape ? "It looks at images; these rows are plain values." : "");
  const all = optionsIn(there, kind, "options", classes);
  const everyKind = requestsOfAll(draft.value, there, classes, dataset.value?.image_shape !== null);
  const ask = (requests: readonly TrainRequest[]): void => {
    refusal.value = null;
    sent.value = true;
    requests
      .reduce<Promise<unknown>>((before, each) => before.then(() => train(each)), Promise.resolve())
      .then(() => {
        chosenModel.value = null; // the new one is looked at as soon as it is there
      })
      .catch((error: Error) => {
        refusal.value = { option: error instanceof Refused ? error.option : "", text: error.message };
      })
      .finally(() => {
        sent.value = false;
      });
  };
  const start = (event: Event): void => {
    event.preventDefault();
    if (request && !impossible) ask([request]);
  };
  return (
    <form class="new-map" id="train" onSubmit={start}>
      <h3>{models.value.length === 0 ? "Train a model" : "Train another model"}</h3>
      <select
        id="kind"
        aria-label="Kind of model"
        value={kind.id}
        onChange={(event) => {
          draft.value = { ...draft.value, kind: event.currentTarget.value };
          refusal.value = null;
        }}
      >
        {there.kinds.map((each) => (
          <option key={each.id} value={each.id}>
            {each.title}
            {each.missing && " (not installed)"}
          </option>
        ))}
      </select>
      <p class="quiet" id="kind-says">
        {kind.says}
      </p>
      {impossible && <p class="wrong">{impossible}</p>}
      <Fields there={there} kind={kind} section="options" of={all.slice(0, FIRST)} />
      <Group title="More options" there={there} kind={kind} section="options" of={all.slice(FIRST)} />
      <Group
        title="Values: scale, components, moved copies"
        there={there}
        kind={kind}
        section="preparation"
        of={optionsIn(there, kind, "preparation", classes)}
      />
      <Group
        title="Rows: test part, fewer, a rare class"
        there={there}
        kind={kind}
        section="rows"
        of={optionsIn(there, kind, "rows", classes)}
      />
      <OptionField
        prefix="train"
        option={FOLDS}
        text={draft.value.folds}
        refused={draft.value.folds.trim() === "1" ? "Allowed: 0 for none, or 2 to 20." : refusedOf("folds")}
        onText={(text) => {
          draft.value = { ...draft.value, folds: text };
          refusal.value = null;
        }}
      />
      <OptionField
        prefix="train"
        option={SEEDS}
        text={draft.value.seeds}
        refused={refusedOf("seeds")}
        onText={(text) => {
          draft.value = { ...draft.value, seeds: text };
          refusal.value = null;
        }}
      />
      {refused && !placed(refused.option, there, kind) && <p class="wrong">{refused.text}</p>}
      <div class="form-foot">
        <button
          type="submit"
          class="primary"
          id="train-run"
          disabled={!request || impossible !== "" || sent.value}
        >
          Train
        </button>
        <button
          type="button"
          id="train-all"
          title="Every kind as it is by default, on these rows, one after the other: which of them can be told apart?"
          disabled={!everyKind || sent.value}
          onClick={() => everyKind && ask(everyKind)}
        >
          Train all kinds
        </button>
        {touched && (
          <button
            type="button"
            class="link"
            id="train-defaults"
            onClick={() => {
              draft.value = { kind: kind.id || FIRST_KIND, typed: {}, folds: "0", seeds: "0" };
              refusal.value = null;
            }}
          >
            defaults
          </button>
        )}
      </div>
    </form>
  );
}

const refusedOf = (name: string): string => (refusal.value?.option === name ? refusal.value.text : "");

const placed = (name: string, there: KindsRecord, kind: KindRecord): boolean =>
  [...kind.options, ...there.preparation, ...there.rows, FOLDS, SEEDS].some((option) => option.name === name);

interface FieldsProps {
  there: KindsRecord;
  kind: KindRecord;
  section: Section;
  of: readonly OptionRecord[];
}

function Fields({ section, of }: FieldsProps): JSX.Element {
  const typed = typedIn(draft.value, section);
  return (
    <>
      {of.map((option) => (
        <OptionField
          key={`${draft.value.kind} ${section} ${option.name}`}
          prefix="train"
          option={option}
          text={typed[option.name] ?? shownAs(option.default)}
          refused={refusedOf(option.name)}
          onText={(text) => {
            draft.value = typeInto(draft.value, section, option.name, text);
            refusal.value = null;
          }}
        />
      ))}
    </>
  );
}

/** Options that are one click away; they are in sight where one of them is wrong. */
function Group({ title, ...props }: FieldsProps & { title: string }): JSX.Element | null {
  if (props.of.length === 0) return null;
  const typed = typedIn(draft.value, props.section);
  const wrong = props.of.some(
    (option) =>
      refusedOf(option.name) !== "" || problem(option, typed[option.name] ?? shownAs(option.default)) !== "",
  );
  return (
    <details class="more" data-section={props.section} open={wrong || undefined}>
      <summary>{title}</summary>
      <Fields {...props} />
    </details>
  );
}
