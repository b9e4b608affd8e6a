// What a person dropped or chose: one file as it is, a folder or several files as one zip.

import { type Member, makeZip } from "./net/zip";

export interface Gathered {
  name: string;
  body: Blob;
}

export type Told = (words: string) => void;

export interface Dropped {
  entries: FileSystemEntry[];
  files: File[];
}

/** What lies on a drop. It has to be asked for at once: the browser forgets it when the event is over. */
export function droppedOn(data: DataTransfer): Dropped {
  const items = [...data.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry());
  return { entries: items.filter((entry) => entry !== null), files: [...data.files] };
}

/** Folders are known as entries alone; where there is none, what was dropped are files. */
export async function gatherDropped({ entries, files }: Dropped, told: Told): Promise<Gathered> {
  if (!entries.some(isFolder)) return gatherFiles(files, told);
  const members: Member[] = [];
  for (const entry of entries) await walk(entry, "", members);
  return zipped(members, told);
}

/** Files of an input: those of a folder know their path within it. */
export async function gatherFiles(files: readonly File[], told: Told): Promise<Gathered> {
  const [first] = files;
  if (!first) throw new Error("That is neither a file nor a folder.");
  if (files.length === 1 && !first.webkitRelativePath) return { name: first.name, body: first };
  return zipped(
    files.map((file) => ({ path: file.webkitRelativePath || file.name, file })),
    told,
  );
}

/** The files as a zip, without what systems leave in folders; one folder around all of them gives it its name. */
export async function zipped(all: readonly Member[], told: Told): Promise<Gathered> {
  const members = all.filter(({ path }) => !path.split("/").some(isLitter));
  if (members.length === 0) throw new Error("The folder holds no files.");
  const root = members[0]?.path.split("/")[0] ?? "";
  const inside = members.every(({ path }) => path.startsWith(`${root}/`));
  const kept = inside
    ? members.map(({ path, file }) => ({ path: path.slice(root.length + 1), file }))
    : members;
  const body = await makeZip(kept, (done) => {
    if (done % 100 === 0) told(`gathering the files, ${Math.floor((100 * done) / kept.length)} %`);
  });
  return { name: `${inside ? root : "files"}.zip`, body };
}

const isLitter = (name: string): boolean =>
  name.startsWith(".") || name === "__MACOSX" || name === "Thumbs.db" || name === "desktop.ini";

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function walk(entry: FileSystemEntry, folder: string, found: Member[]): Promise<void> {
  const path = `${folder}${entry.name}`;
  if (isFile(entry)) found.push({ path, file: await fileOf(entry) });
  if (!isFolder(entry) || isLitter(entry.name)) return;
  const reader = entry.createReader();
  // A reader gives a hundred entries at a time, and none when it is through.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const inner of some) await walk(inner, `${path}/`, found);
  }
}
