// The square of what is taken for what, as a picture, with precision, recall and F1 in the same lines.

import { count } from "../../format";
import type { Box } from "../../paint";
import { widthOf } from "../../picture/measure";
import type { Picture } from "../../picture/offered";
import { fitted, type Pen, type Point } from "../../picture/pen";
import type { Ink } from "../../picture/sheet";
import { className, rowsNoun } from "../../state";
import { inkOf, rateText } from "./confusion";
import { type Judgement, rates } from "./state";
import { isDeep, shade } from "./verdicts";

const EDGE = 16;
const HEAD = 28; // the line that says what runs across
const NAME = { size: 13, bold: true };
const SMALL = { size: 12 };
const LONGEST = 140; // of a name
const GAP = 8;
const SCORES = ["precision", "recall", "F1", "rows"] as const;
const COLUMN = 68;

type Judged = Judgement["judged"];

interface Square {
  judged: Judged;
  shown: readonly number[]; // the codes of the classes that have a line
  names: readonly string[];
  at: Point; // its top left corner
  cell: number;
  turned: boolean; // whether the names above are written upwards
}

export function matrixPicture(judged: Judged, shown: readonly number[]): Picture {
  const cell = shown.length > 14 ? 32 : 48;
  const names = shown.map((code) => cut(className(judged.classes[code]), LONGEST));
  const longest = Math.max(...names.map((name) => widthOf(name, NAME)));
  const turned = longest > cell - 6;
  const beside = EDGE + 20 + longest + GAP;
  const above = EDGE + HEAD + (turned ? longest : 16) + GAP;
  const square: Square = { judged, shown, names, at: [beside, above], cell, turned };
  const side = shown.length * cell;
  const width = beside + side + SCORES.length * COLUMN + EDGE;
  const draw = (pen: Pen, ink: Ink): void => {
    drawNames(pen, ink, square);
    shown.forEach((_, line) => {
      for (let column = 0; column < shown.length; column++) drawCell(pen, ink, square, line, column);
    });
    drawScores(pen, ink, square);
    const unit = rates.peek() ? "per cent" : rowsNoun.peek();
    const says = `In ${unit}. Blue is right, red is not; the deeper, the greater the share of the class.`;
    pen.text(cut(says, width - 2 * EDGE), [EDGE, above + side + 20], { ...SMALL, colour: ink.quiet });
  };
  return { name: "confusion", shows: { width, height: above + side + 28, coloured: false, draw } };
}

const cut = (says: string, room: number): string => fitted(says, room, (text) => widthOf(text, NAME));

function drawNames(pen: Pen, ink: Ink, { shown, names, at: [left, top], cell, turned }: Square): void {
  const side = shown.length * cell;
  const quiet = { ...SMALL, colour: ink.quiet, anchor: "middle" } as const;
  pen.text("taken for", [left + side / 2, EDGE + HEAD / 2 - 4], quiet);
  pen.text("class", [EDGE + 4, top + side / 2], { ...quiet, turned: true });
  names.forEach((name, i) => {
    const middle = (i + 0.5) * cell;
    const look = { ...NAME, colour: ink.text };
    pen.text(name, [left - GAP, top + middle], { ...look, anchor: "end" });
    if (turned) pen.text(name, [left + middle, top - GAP], { ...look, turned });
    else pen.text(name, [left + middle, top - GAP - 6], { ...look, anchor: "middle" });
  });
}

function drawCell(
  pen: Pen,
  ink: Ink,
  { judged, shown, at, cell }: Square,
  line: number,
  column: number,
): void {
  const [a, b] = [shown[line] as number, shown[column] as number];
  const many = judged.matrix[a]?.[b] ?? 0;
  const total = judged.scores[a]?.support ?? 0;
  const share = total > 0 ? many / total : 0;
  const [left, top] = [at[0] + column * cell, at[1] + line * cell];
  const box: Box = { left, top, width: cell, height: cell };
  if (many > 0) pen.rect(box, { fill: inkOf(shade(share), line === column) });
  pen.rect(box, { stroke: ink.line, width: 1 });
  if (many === 0) return;
  const says = rates.peek() ? rateText(share) : count(many);
  const colour = isDeep(share) ? "#ffffff" : ink.text;
  const size = cell > 40 ? 12 : 9;
  pen.text(says, [left + cell / 2, top + cell / 2], { size, colour, anchor: "middle" });
}

/** What the square makes of each class, in the line of that class. */
function drawScores(pen: Pen, ink: Ink, { judged, shown, at: [left, top], cell }: Square): void {
  const first = left + shown.length * cell;
  const place = (i: number, y: number): Point => [first + (i + 1) * COLUMN, y];
  const look = { ...SMALL, anchor: "end" } as const;
  SCORES.forEach((name, i) => {
    pen.text(name, place(i, top - GAP - 6), { ...look, colour: ink.quiet });
  });
  shown.forEach((code, line) => {
    const score = judged.scores[code];
    const says = [score?.precision, score?.recall, score?.f1].map((value) => (value ?? 0).toFixed(4));
    [...says, count(score?.support ?? 0)].forEach((text, i) => {
      pen.text(text, place(i, top + (line + 0.5) * cell), { ...look, colour: ink.text });
    });
  });
}
