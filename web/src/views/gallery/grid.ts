// Where each image stands: lines of equal cells, group below group, each group with a line of its own above it. Pure.

export const GAP = 8;
export const MARGIN = 12;
export const TITLE = 36; // the height of a group's line
const TEXT = 18;
/** Cells at least so wide have a line of text below the image. */
const ROOM_FOR_TEXT = 48;

export interface Section {
  /** the first of its images in the order that is shown, and how many there are */
  first: number;
  count: number;
  /** where it begins, in px from the top */
  top: number;
  /** the number of its first line of images */
  line: number;
  title: string;
}

export interface Grid {
  columns: number;
  /** of an image, in px */
  width: number;
  height: number;
  /** the height of the line of text below each image; 0 where there is none */
  text: number;
  /** the height of the line above each group; 0 where nothing is grouped */
  title: number;
  left: number;
  sections: readonly Section[];
  lines: number;
  total: number;
  /** the height of it all */
  depth: number;
}

export interface Place {
  left: number;
  top: number;
}

export interface Visible {
  /** the images from `from` up to, but not with, `to` */
  from: number;
  to: number;
}

/** Images of that size in so wide a stage. */
export function arranged(
  total: number,
  groups: readonly { title: string; count: number }[] | null,
  size: { width: number; height: number },
  stage: number,
): Grid {
  const text = size.width >= ROOM_FOR_TEXT ? TEXT : 0;
  const title = groups ? TITLE : 0;
  const columns = Math.max(1, Math.floor((stage - 2 * MARGIN + GAP) / (size.width + GAP)));
  const pitch = size.height + text + GAP;
  const sections: Section[] = [];
  let [first, top, line] = [0, MARGIN, 0];
  for (const group of groups ?? [{ title: "", count: total }]) {
    sections.push({ first, count: group.count, top, line, title: group.title });
    const lines = Math.ceil(group.count / columns);
    first += group.count;
    line += lines;
    top += title + lines * pitch;
  }
  const used = columns * (size.width + GAP) - GAP;
  const left = total < columns && !groups ? MARGIN : Math.max(MARGIN, Math.floor((stage - used) / 2));
  return { columns, ...size, text, title, left, sections, lines: line, total, depth: top + MARGIN - GAP };
}

const pitchOf = (grid: Grid): number => grid.height + grid.text + GAP;

/** The last section for which `begins` is not above `value`. */
function sectionAt(grid: Grid, value: number, begins: (section: Section) => number): Section | undefined {
  let [low, high] = [0, grid.sections.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (begins(grid.sections[middle] as Section) <= value) low = middle;
    else high = middle;
  }
  return grid.sections[low];
}

/** The top left of an image, in px from the top of all. */
export function placeOf(grid: Grid, index: number): Place {
  const section = sectionAt(grid, index, (each) => each.first) as Section;
  const inside = index - section.first;
  const line = Math.floor(inside / grid.columns);
  return {
    left: grid.left + (inside % grid.columns) * (grid.width + GAP),
    top: section.top + grid.title + line * pitchOf(grid),
  };
}

/** The line and the column of an image, from 0. */
export function cellOf(grid: Grid, index: number): { line: number; column: number } {
  const section = sectionAt(grid, index, (each) => each.first) as Section;
  const inside = index - section.first;
  return { line: section.line + Math.floor(inside / grid.columns), column: inside % grid.columns };
}

/** The image under a point, its text counted in; null for a gap. */
export function indexAt(grid: Grid, x: number, y: number): number | null {
  const section = sectionAt(grid, y, (each) => each.top);
  if (!section) return null;
  const down = y - section.top - grid.title;
  const across = x - grid.left;
  const column = Math.floor(across / (grid.width + GAP));
  const line = Math.floor(down / pitchOf(grid));
  const index = line * grid.columns + column;
  if (down < 0 || across < 0 || column >= grid.columns || index >= section.count) return null;
  const inGap = across % (grid.width + GAP) >= grid.width || down % pitchOf(grid) >= grid.height + grid.text;
  return inGap ? null : section.first + index;
}

/** The images of which something lies between two heights. */
export function between(grid: Grid, top: number, bottom: number): Visible {
  if (grid.total === 0) return { from: 0, to: 0 };
  return { from: boundary(grid, top, 0), to: boundary(grid, bottom, 1) };
}

/** The first image of the line at that height; with `after`, the first one behind that line. */
function boundary(grid: Grid, y: number, after: 0 | 1): number {
  const section = sectionAt(grid, y, (each) => each.top) as Section;
  const line = Math.floor((y - section.top - grid.title) / pitchOf(grid)) + after;
  return section.first + Math.min(section.count, Math.max(0, line * grid.columns));
}

/** The images that a rectangle touches. */
export function touched(
  grid: Grid,
  box: { left: number; top: number; right: number; bottom: number },
): number[] {
  const { from, to } = between(grid, box.top, box.bottom);
  const found: number[] = [];
  for (let index = from; index < to; index++) {
    const { left, top } = placeOf(grid, index);
    const beside = left > box.right || left + grid.width < box.left;
    if (!beside && top <= box.bottom && top + grid.height >= box.top) found.push(index);
  }
  return found;
}

/** The image that a key leads to from another one. */
export function stepped(grid: Grid, from: number, key: string, page: number): number | null {
  const last = grid.total - 1;
  const inside = (index: number): number => Math.min(last, Math.max(0, index));
  const lines = Math.max(1, Math.floor(page / pitchOf(grid)));
  switch (key) {
    case "ArrowLeft":
      return inside(from - 1);
    case "ArrowRight":
      return inside(from + 1);
    case "ArrowUp":
      return onLine(grid, from, -1);
    case "ArrowDown":
      return onLine(grid, from, 1);
    case "PageUp":
      return onLine(grid, from, -lines);
    case "PageDown":
      return onLine(grid, from, lines);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** The image in the same column so many lines further, or the nearest there is. */
function onLine(grid: Grid, from: number, lines: number): number {
  const { line, column } = cellOf(grid, from);
  const wanted = Math.min(grid.lines - 1, Math.max(0, line + lines));
  const section = sectionAt(grid, wanted, (each) => each.line) as Section;
  const inside = (wanted - section.line) * grid.columns + column;
  return section.first + Math.min(section.count - 1, inside);
}

/** Sizes that an image may be shown at, in px of its longer side: its own size times whole numbers, or parts of it. */
export function sizesOf(shape: readonly [number, number]): number[] {
  const longest = Math.max(...shape);
  const [least, most] = [24, 240];
  const sizes: number[] = [];
  for (const part of [16, 8, 4, 2]) if (longest / part >= least) sizes.push(Math.round(longest / part));
  for (let times = 1; times * longest <= most; times++)
    if (times * longest >= least) sizes.push(times * longest);
  return sizes.filter((size) => size <= most).length > 0 ? sizes.filter((size) => size <= most) : [most];
}

/** The size nearest to what was wanted. */
export const nearest = (sizes: readonly number[], wanted: number): number =>
  sizes.reduce((best, size) => (Math.abs(size - wanted) < Math.abs(best - wanted) ? size : best));
