// What is taken home: the corrected labels, the decisions themselves, the report; and decisions brought from elsewhere.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { decided, takeIn } from "../../decisions";
import { count } from "../../format";
import { ask } from "../../net/api";
import { dataset, tell } from "../../state";
import { offer } from "../../ui/selection";

interface File_ {
  id: string;
  ending: string;
  says: string;
  title: string;
  split?: string;
}

/** The file that is being made, so that nobody asks twice. */
const making = signal("");

function files(): File_[] {
  const splits = dataset.value?.splits ?? [];
  const title = "Images and corrected labels in Hugging Face's layout, the original labels beside them";
  const parquet =
    splits.length === 0
      ? [{ id: "parquet", ending: "parquet", says: "parquet", title }]
      : splits.map(({ name }) => ({
          id: `parquet-${name}`,
          ending: "parquet",
          says: `parquet, ${name}`,
          title,
          split: name,
        }));
  return [
    {
      id: "csv",
      ending: "csv",
      says: "CSV",
      title: "Labels as they were and as they are, decisions and notes; safe to open in a spreadsheet",
    },
    ...parquet,
    { id: "npz", ending: "npz", says: "npz", title: "Images, corrected and original labels as NumPy arrays" },
    {
      id: "json",
      ending: "json",
      says: "patch",
      title: "The decisions alone: import them elsewhere, or open(…, annotations=FILE)",
    },
    { id: "md", ending: "md", says: "report", title: "What changed, and why, as Markdown" },
  ];
}

export function TakeHome(): JSX.Element {
  const none = decided.value.size === 0;
  return (
    <section class="labels-home">
      <h2>Take it home</h2>
      <div class="exports">
        {files().map((file) => (
          <button
            key={file.id}
            type="button"
            id={`labels-${file.id}`}
            title={file.title}
            disabled={making.value !== "" || none}
            onClick={() => void save(file)}
          >
            {making.value === file.id ? "making …" : file.says}
          </button>
        ))}
      </div>
      <Import />
    </section>
  );
}

function Import(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  return (
    <p class="quiet">
      <button type="button" class="link" id="labels-import" onClick={() => field.current?.click()}>
        Import a patch…
      </button>{" "}
      that was exported here or elsewhere; it can be undone.
      <input
        ref={field}
        class="unseen"
        type="file"
        id="labels-patch"
        accept=".json,application/json"
        tabIndex={-1}
        aria-label="Patch to import"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) void bring(file);
        }}
      />
    </p>
  );
}

async function save({ id, ending, split }: File_): Promise<void> {
  making.value = id;
  try {
    const query = split === undefined ? "" : `?${new URLSearchParams({ split })}`;
    const answer = await ask(`./api/decisions/files/${ending}${query}`);
    const part = split === undefined ? "" : `-${split}`;
    offer(await answer.blob(), `${dataset.value?.name ?? "data"}-labels${part}.${ending}`);
  } catch (error) {
    tell("error", error instanceof Error ? error.message : String(error));
  } finally {
    making.value = "";
  }
}

async function bring(file: Blob): Promise<void> {
  try {
    const { taken, unchanged, orphans } = await takeIn(file);
    const parts = [
      `${count(taken)} decisions imported`,
      unchanged > 0 ? `${count(unchanged)} were there already` : "",
      orphans > 0 ? `${count(orphans)} are about images that are not here: they are kept` : "",
    ];
    tell("info", `${parts.filter((part) => part !== "").join("; ")}.`);
  } catch (error) {
    tell("error", error instanceof Error ? error.message : String(error));
  }
}
