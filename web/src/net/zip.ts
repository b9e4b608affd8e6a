// Several files as one: a zip without compression, so that a folder can be sent in one piece. The files' bytes are
// read once, for their checksums, and not held: the browser takes them from the disk again when the zip is sent.

export interface Member {
  path: string; // with slashes
  file: Blob;
}

const MOST_MEMBERS = 65_535;
const MOST_BYTES = 2 ** 32 - 1;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const NAMES_ARE_UTF8 = 0x0800;
const DATE = 0x0021; // the first day of 1980: when the files were made is nobody's business

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 255] as number);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Numbers of 2 and 4 bytes, one after the other. */
function packed(...fields: readonly [value: number, bytes: 2 | 4][]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** The members as one zip; `told` hears how many are done. */
export async function makeZip(members: readonly Member[], told: (done: number) => void): Promise<Blob> {
  if (members.length > MOST_MEMBERS) {
    throw new Error(`The folder has more than ${MOST_MEMBERS} files: open it from the terminal instead.`);
  }
  const parts: BlobPart[] = [];
  const contents: BlobPart[] = [];
  let offset = 0;
  let contentsBytes = 0;
  for (const [done, { path, file }] of members.entries()) {
    told(done);
    const name = new TextEncoder().encode(path);
    const crc = crc32(new Uint8Array(await file.arrayBuffer()));
    const facts: [number, 2 | 4][] = [
      [VERSION, 2],
      [NAMES_ARE_UTF8, 2],
      [0, 2], // stored
      [0, 2],
      [DATE, 2],
      [crc, 4],
      [file.size, 4],
      [file.size, 4],
      [name.length, 2],
      [0, 2],
    ];
    const head = packed([LOCAL, 4], ...facts);
    parts.push(head, name, file);
    contents.push(
      packed([CENTRAL, 4], [VERSION, 2], ...facts, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
      name,
    );
    offset += head.length + name.length + file.size;
    contentsBytes += 46 + name.length;
    if (offset > MOST_BYTES)
      throw new Error("The folder has more than 4 GB: open it from the terminal instead.");
  }
  const n = members.length;
  const end = packed([END, 4], [0, 2], [0, 2], [n, 2], [n, 2], [contentsBytes, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...contents, end], { type: "application/zip" });
}
