// The dialog that opens other data: a place to drop files, how to read them, and the data sets known by name. It also
// reads what is open once more in another way.

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { problem as fault, labelOf, shownAs } from "../form";
import { bytes, duration, oneOf, stageState } from "../format";
import type { EntryRecord, OpeningChanged, OptionRecord } from "../net/wire";
import {
  again,
  cancel,
  catalogue,
  dialogOpen,
  doing,
  dragging,
  openAgain,
  openByName,
  openFiles,
  problem,
  reading,
  readingOptions,
  secondsLeft,
  takesPictures,
} from "../open";
import { dataset, opening } from "../state";
import { OptionField } from "./field";
import { Icon } from "./icons";

/** So much is not fetched by a single click. */
const LARGE_BYTES = 100e6;

/** Every browser knows it, but no type does. */
const FOLDERS = { webkitdirectory: true };

/** The formats by the ids of their readers, in the words of those who have such files. */
const FORMATS: readonly (readonly [reader: string, words: string])[] = [
  ["npz", "npz"],
  ["npy", "npy"],
  ["csv", "CSV"],
  ["parquet", "Parquet"],
  ["arff", "ARFF"],
];

export function openingState({ name, stage, done, total }: OpeningChanged): string {
  const left = secondsLeft.value;
  const words = stage === "" ? `${name}…` : `${name}: ${stageState(stage, done, total)}`;
  return left === null ? words : `${words}, ${duration(left)} left`;
}

export function OpenDialog(): JSX.Element | null {
  return dialogOpen.value ? <Dialog /> : null;
}

function Dialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = (): void => {
    dialogOpen.value = false;
  };
  return (
    <dialog
      class="open-dialog"
      id="open-dialog"
      ref={dialog}
      aria-labelledby="open-title"
      onClose={close}
      {...{ closedby: "any" }} // a click beside it closes it, where the browser knows that
    >
      <div class="open-body">
        <div class="panel-head">
          <h2 id="open-title">{again.value ? `Read ${dataset.value?.name ?? ""} again` : "Open data"}</h2>
          <button type="button" class="plain" title="Close (Esc)" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        {again.value ? <Again /> : <DropZone />}
        {!again.value && <HowToRead />}
        <Outcome />
        {!again.value && <Catalogue />}
      </div>
    </dialog>
  );
}

const busy = (): boolean => doing.value !== null || opening.value !== null;

function DropZone(): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const readers = catalogue.value?.readers ?? [];
  const folders = readers.includes("zip");
  const formats = FORMATS.filter(([reader]) => readers.includes(reader)).map(([, words]) => words);
  const takes = folders ? ["images in a folder for each class", ...formats] : formats;
  const most = catalogue.value?.most_bytes;
  const chosen = (event: { currentTarget: HTMLInputElement }): void => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = ""; // so that the same file can be chosen again
    if (files.length > 0) void openFiles(files);
  };
  return (
    <section class={dragging.value ? "drop-zone over" : "drop-zone"} aria-label="Your own files">
      <Icon name="into" />
      <p>{folders ? "Drop a file, a folder or a zip here" : "Drop a file here"}</p>
      <div class="drop-buttons">
        <button type="button" disabled={busy()} onClick={() => file.current?.click()}>
          <Icon name="file" /> Choose a file…
        </button>
        {folders && (
          <button type="button" disabled={busy()} onClick={() => folder.current?.click()}>
            <Icon name="folder" /> Choose a folder…
          </button>
        )}
      </div>
      <input type="file" id="open-file" ref={file} hidden onChange={chosen} />
      <input type="file" id="open-folder" ref={folder} hidden onChange={chosen} {...FOLDERS} />
      <p class="quiet">
        {takes.length > 0 && `Takes ${oneOf(takes)}. `}
        {most !== undefined && `At most ${bytes(most)}. `}Nothing leaves the machine that snowdome runs on.
      </p>
    </section>
  );
}

const declared = (): readonly OptionRecord[] => catalogue.value?.reading ?? [];

/** How to read what is opened next: closed while all is as usual. */
function HowToRead(): JSX.Element | null {
  const typed = reading.value;
  const options = declared();
  if (options.length === 0) return null;
  const changed = options.filter(
    (option) => typed[option.name] !== undefined && typed[option.name] !== shownAs(option.default),
  );
  const faulty = changed.some((option) => fault(option, typed[option.name] ?? "") !== "");
  return (
    <details class="how-to-read" id="how-to-read" open={faulty || undefined}>
      <summary>
        How to read them: {changed.length === 0 ? "as they are" : changed.map(labelOf).join(", ")}
      </summary>
      <ReadingFields />
    </details>
  );
}

/** A field for each way of reading, as the app declares it. */
function ReadingFields(): JSX.Element {
  return (
    <div class="reading-fields">
      {declared().map((option) => (
        <OptionField
          key={option.name}
          prefix="read"
          option={option}
          text={reading.value[option.name] ?? shownAs(option.default)}
          onText={(text) => {
            reading.value = { ...reading.value, [option.name]: text };
          }}
        />
      ))}
    </div>
  );
}

/** How the open data were read, which can be changed. */
function Again(): JSX.Element {
  const facts = dataset.value;
  const read = (event: Event): void => {
    event.preventDefault();
    void openAgain(facts?.name ?? "");
  };
  return (
    <form class="again" id="again" onSubmit={read}>
      <ul class="notes">
        {facts?.notes.map((note) => (
          <li key={note}>
            <bdi>{note}</bdi>
          </li>
        ))}
      </ul>
      <ReadingFields />
      <button
        type="submit"
        class="primary"
        id="read-again"
        disabled={busy() || readingOptions.value === null}
      >
        Read again
      </button>
    </form>
  );
}

/** How far it is, or what went wrong. */
function Outcome(): JSX.Element | null {
  const coming = opening.value;
  if (coming || doing.value !== null) {
    const share = coming && coming.total > 0 ? coming.done / coming.total : 0;
    return (
      <div class="open-progress" id="open-progress" role="status">
        <p>{coming ? `Opening ${openingState(coming)}` : `${doing.value}…`}</p>
        <div class="open-bar">
          <i style={{ width: `${100 * share}%` }} />
        </div>
        <button type="button" id="cancel-opening" onClick={() => void cancel()}>
          Cancel
        </button>
      </div>
    );
  }
  if (problem.value === null) return null;
  return (
    <p class="message error" id="open-problem" role="alert">
      {problem.value}
    </p>
  );
}

function Catalogue(): JSX.Element | null {
  const entries = catalogue.value?.entries;
  if (!entries) return null;
  return (
    <section class="catalogue" aria-labelledby="catalogue-title">
      <h3 id="catalogue-title">Known by name</h3>
      <ul>
        {entries.map((entry) => (
          <li key={entry.key}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry }: { entry: EntryRecord }): JSX.Element {
  const shown = entry.title === dataset.value?.name;
  const [asked, setAsked] = useState(false);
  const open = (): void => {
    setAsked(false);
    void openByName(entry.key, entry.title);
  };
  return (
    <>
      <button
        type="button"
        class="entry"
        data-key={entry.key}
        aria-current={shown}
        disabled={busy()}
        aria-expanded={entry.fetch_bytes > LARGE_BYTES ? asked : undefined}
        onClick={() => (entry.fetch_bytes > LARGE_BYTES ? setAsked(!asked) : open())}
      >
        <b>{entry.title}</b>
        <span class="entry-where">{shown ? "open now" : entry.here ? "here" : `fetches ${entry.size}`}</span>
        <span class="entry-about">
          {entry.about}
          {entry.licence && ` · ${entry.licence}`}
        </span>
      </button>
      {asked && !busy() && (
        <p class="entry-ask" data-ask={entry.key}>
          <span>{bytes(entry.fetch_bytes)} will be fetched and kept on this machine.</span>
          <button type="button" class="primary" onClick={open}>
            Fetch
          </button>
          <button type="button" onClick={() => setAsked(false)}>
            Not now
          </button>
        </p>
      )}
    </>
  );
}

/** While files hang over the window, and the dialog is not there to show it. */
export function DropHint(): JSX.Element | null {
  if (!dragging.value || dialogOpen.value) return null;
  return (
    <div class="drop-hint" aria-hidden="true">
      <p>{takesPictures.value?.says ?? "Drop to open"}</p>
    </div>
  );
}
