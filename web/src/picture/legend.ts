// What the colours of a picture say: the classes that are on, the texts of a column, or the scale of a value.

import { number } from "../format";
import { classColour, css } from "../palette";
import { className, dataset, hidden, pointValues } from "../state";
import { rampOf } from "../ui/swatch";
import { widthOf } from "./measure";
import type { Pen } from "./pen";
import type { Ink } from "./sheet";

const DOT = 5;
const GAP = 12;
const SIZE = 12;
const BAR = 160;
export const LINE = 20;

interface Entry {
  colour: string;
  text: string;
}

/** Drawn from there on in so much width; how tall it is. */
export function legend(pen: Pen, ink: Ink, left: number, top: number, width: number): number {
  const scale = pointValues.peek();
  if (scale && !scale.names) {
    drawScale(pen, ink, left, top + LINE / 2);
    return LINE;
  }
  const takes = ({ text }: Entry): number => 4 * DOT + widthOf(text, { size: SIZE }) + GAP;
  let [x, y] = [left, top + LINE / 2];
  const all = entries();
  for (const entry of all) {
    if (x > left && x + takes(entry) - GAP > left + width) {
      x = left;
      y += LINE;
    }
    pen.dot([x + DOT, y], DOT, { fill: entry.colour });
    pen.text(entry.text, [x + 3 * DOT, y], { size: SIZE, colour: ink.text });
    x += takes(entry);
  }
  return all.length === 0 ? 0 : y + LINE / 2 - top;
}

function entries(): Entry[] {
  const scale = pointValues.peek();
  if (scale?.names) {
    const ramp = rampOf(scale);
    return scale.names.map((text, code) => ({ text, colour: css(ramp[code] ?? [128, 128, 128]) }));
  }
  const classes = dataset.peek()?.classes ?? [];
  return classes.flatMap((name, code) =>
    hidden.peek().has(code)
      ? []
      : [{ text: className(name), colour: css(classColour(code, classes.length)) }],
  );
}

/** The name of the value, and its ramp between the numbers of its ends. */
function drawScale(pen: Pen, ink: Ink, left: number, y: number): void {
  const scale = pointValues.peek();
  if (!scale) return;
  const look = { size: SIZE, colour: ink.text };
  const says = `${scale.name}  ${number(scale.low)}`;
  pen.text(says, [left, y], look);
  const from = left + widthOf(says, look) + 8;
  const ramp = rampOf(scale);
  const step = BAR / ramp.length;
  ramp.forEach((colour, i) => {
    // Each reaches under the next, so that no ground shows between two of them.
    const width = i === ramp.length - 1 ? step : 2 * step;
    pen.rect({ left: from + i * step, top: y - 6, width, height: 12 }, { fill: css(colour) });
  });
  pen.text(number(scale.high), [from + BAR + 8, y], look);
}
