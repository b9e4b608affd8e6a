// How a chart comes to fit the width that there is.

export type Spec = Record<string, unknown>;

const LEAST = 0.4; // nothing becomes smaller than that

const record = (value: unknown): value is Spec =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether its height goes with its width: images, squares, and cells of a fixed size. Other charts may be wider. */
export function keepsShape(spec: Spec): boolean {
  const mark = record(spec.mark) ? spec.mark.type : spec.mark;
  if (mark === "image" || record(spec.width)) return true;
  if (typeof spec.width === "number" && spec.width === spec.height) return true;
  return partsOf(spec).some(keepsShape);
}

function partsOf(spec: Spec): Spec[] {
  const lists = ["layer", "concat", "hconcat", "vconcat"].flatMap((part) => (spec[part] as Spec[]) ?? []);
  return record(spec.spec) ? [...lists, spec.spec] : lists;
}

/** By how much to widen a chart of that width, of which so much is the plot itself, for so much room. */
export function factorFor(width: number, plot: number, room: number, shaped: boolean): number {
  const margin = plot > 0 ? width - plot : 0;
  const wanted = shaped ? Math.min(room, width) : room;
  const factor = (wanted - margin) / (width - margin);
  return Math.max(LEAST, factor);
}

const LETTER = 6.6; // pixels of one of the caption's, about
const PADDING = 40;

/** The chart with its caption in lines that are no longer than the room: a longer one would widen the picture. */
export function captioned(spec: Spec, room: number): Spec {
  const title = spec.title;
  if (!record(title) || !Array.isArray(title.subtitle)) return spec;
  const most = Math.max(20, Math.floor((room - PADDING) / LETTER));
  const lines: string[] = [];
  for (const word of title.subtitle.join(" ").split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return { ...spec, title: { ...title, subtitle: lines } };
}

/** The chart with its plots so many times as wide, and as high in proportion where it keeps its shape. */
export function widened(spec: Spec, factor: number, shaped = keepsShape(spec)): Spec {
  const next: Spec = { ...spec };
  const sized = (value: unknown): unknown => {
    if (typeof value === "number") return Math.round(value * factor);
    if (record(value) && typeof value.step === "number") return { ...value, step: value.step * factor };
    return value;
  };
  if ("width" in next) next.width = sized(next.width);
  if (shaped && "height" in next) next.height = sized(next.height);
  if (record(next.mark)) next.mark = markOf(next.mark, factor);
  const across = record(next.encoding) && next.encoding.x;
  if (record(across) && typeof across.value === "number") {
    next.encoding = { ...(next.encoding as Spec), x: { ...across, value: across.value * factor } };
  }
  for (const part of ["layer", "concat", "hconcat", "vconcat"]) {
    if (Array.isArray(next[part])) {
      next[part] = (next[part] as Spec[]).map((each) => widened(each, factor, shaped));
    }
  }
  if (record(next.spec)) next.spec = widened(next.spec, factor, shaped);
  return next;
}

/** Images shrink with their places, and what is written below them moves up; nothing else changes its size. */
function markOf(mark: Spec, factor: number): Spec {
  if (mark.type !== "image" && mark.type !== "text") return mark;
  const next = { ...mark };
  for (const name of mark.type === "image" ? ["width", "height"] : ["dy"]) {
    const value = next[name];
    if (typeof value === "number" && factor < 1) next[name] = value * factor;
  }
  return next;
}
