// The dialog that opens other data: a place to drop files, and the data sets known by name.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { bytes, oneOf, stageState } from "../format";
import type { EntryRecord, OpeningChanged } from "../net/wire";
import { catalogue, dialogOpen, doing, dragging, openByName, openFiles, problem } from "../open";
import { dataset, opening } from "../state";
import { Icon } from "./icons";

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
  return stage === "" ? `${name}…` : `${name}: ${stageState(stage, done, total)}`;
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
          <h2 id="open-title">Open data</h2>
          <button type="button" class="plain" title="Close (Esc)" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <DropZone />
        <Outcome />
        <Catalogue />
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
  return (
    <button
      type="button"
      class="entry"
      data-key={entry.key}
      aria-current={shown}
      disabled={busy()}
      onClick={() => void openByName(entry.key, entry.title)}
    >
      <b>{entry.title}</b>
      <span class="entry-where">{shown ? "open now" : entry.here ? "here" : `fetches ${entry.size}`}</span>
      <span class="entry-about">
        {entry.about}
        {entry.licence && ` · ${entry.licence}`}
      </span>
    </button>
  );
}

/** While files hang over the window, and the dialog is not there to show it. */
export function DropHint(): JSX.Element | null {
  if (!dragging.value || dialogOpen.value) return null;
  return (
    <div class="drop-hint" aria-hidden="true">
      <p>Drop to open</p>
    </div>
  );
}
