// A set of rows as a short text for the address.

const BITS = "b";
const STEPS = "s";
const MORE = 0x80; // of a byte: the number goes on in the next

/** Ascending rows: as the steps between them, or as one bit for each row up to the last, whatever is shorter. */
export function packed(rows: Uint32Array): string {
  const steps = inSteps(rows);
  const length = Math.ceil(((rows.at(-1) ?? -1) + 1) / 8);
  return steps.length <= length ? STEPS + text(steps) : BITS + text(inBits(rows, length));
}

/** The rows of such a text; of one that somebody wrote by hand, those that can be read. */
export function unpacked(said: string): Uint32Array {
  const found = bytes(said.slice(1));
  if (!found) return new Uint32Array();
  return said[0] === BITS ? ofBits(found) : said[0] === STEPS ? ofSteps(found) : new Uint32Array();
}

function inSteps(rows: Uint32Array): Uint8Array {
  const found: number[] = [];
  let before = -1;
  for (const row of rows) {
    let step = row - before - 1;
    for (; step >= MORE; step = Math.floor(step / MORE)) found.push((step % MORE) | MORE);
    found.push(step);
    before = row;
  }
  return Uint8Array.from(found);
}

function ofSteps(found: Uint8Array): Uint32Array {
  const rows: number[] = [];
  let [row, step, unit] = [-1, 0, 1];
  for (const byte of found) {
    step += (byte % MORE) * unit;
    unit *= MORE;
    if (byte >= MORE) continue;
    row += step + 1;
    if (row >= 2 ** 32) break;
    rows.push(row);
    [step, unit] = [0, 1];
  }
  return Uint32Array.from(rows);
}

function inBits(rows: Uint32Array, length: number): Uint8Array {
  const found = new Uint8Array(length);
  for (const row of rows) found[row >> 3] = (found[row >> 3] as number) | (1 << (row & 7));
  return found;
}

function ofBits(found: Uint8Array): Uint32Array {
  const rows: number[] = [];
  found.forEach((byte, at) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) rows.push(8 * at + bit);
  });
  return Uint32Array.from(rows);
}

/** Base64 with the letters that an address takes as they are. */
function text(found: Uint8Array): string {
  let letters = "";
  for (const byte of found) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytes(said: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(said.replaceAll("-", "+").replaceAll("_", "/")), (each) =>
      each.charCodeAt(0),
    );
  } catch {
    return null;
  }
}
