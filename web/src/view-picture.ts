// The map as it is seen (from here, in these colours, without what is hidden) as a picture at twice its size, with the
// legend and a line below it that says what it is.

import { mapName } from "./kept";
import type { Stage } from "./map/stage";
import { classColour, css } from "./palette";
import { className, dataset, hidden, pointValues, shownRun, stage } from "./state";
import { rampOf } from "./ui/swatch";

const RATIO = 2;
const MARGIN = 12;
const LINE = 20;
const DOT = 5;
const SMALL = "12px system-ui, sans-serif";
const LARGE = "600 18px system-ui, sans-serif";
const BAR = 160;

interface Entry {
  colour: string;
  text: string;
}

/** The picture; null before there is a map. `says` is the line below it. */
export function viewPicture(says: string): HTMLCanvasElement | null {
  const made = stage.peek();
  if (!made || !shownRun.peek()) return null;
  const { width, height } = made.view;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.font = SMALL;
  const rows = inRows(context, entries(), width - 2 * MARGIN);
  const below = MARGIN + LINE * (1 + rows.length + Number(scaleShown() !== null)) + MARGIN;
  canvas.width = Math.round(RATIO * width);
  canvas.height = Math.round(RATIO * (height + below));
  context.scale(RATIO, RATIO);
  context.fillStyle = colour("--ground");
  context.fillRect(0, 0, width, height + below);
  drawStage(context, made);
  let y = height + MARGIN;
  for (const row of rows) {
    drawEntries(context, row, y);
    y += LINE;
  }
  if (scaleShown()) {
    drawScale(context, y);
    y += LINE;
  }
  context.font = SMALL;
  context.textBaseline = "middle";
  context.fillStyle = colour("--quiet");
  context.fillText(says, MARGIN, y + LINE / 2, width - 2 * MARGIN);
  return canvas;
}

/** Offer the picture as a file. */
export function saveViewPicture(says: string): void {
  viewPicture(says)?.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${fileName()}.png`;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }, "image/png");
}

function fileName(): string {
  const run = shownRun.peek();
  const words = [dataset.peek()?.name, run && mapName(run), "view"].join(" ").toLowerCase();
  return words.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "");
}

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Dots, edges, images, the lines to the nearest, the rings and the names of the classes, as they stand on the page. */
function drawStage(context: CanvasRenderingContext2D, made: Stage): void {
  const { width, height } = made.view;
  context.drawImage(made.picture(RATIO), 0, 0, width, height);
  const area = document.querySelector("main.stage");
  const map = document.querySelector("#map")?.getBoundingClientRect();
  if (!area || !map) return;
  for (const line of area.querySelectorAll<SVGLineElement>(".near-lines line")) drawLine(context, line);
  const images = area.querySelector<HTMLCanvasElement>("#pictures");
  if (images && images.width > 0) context.drawImage(images, 0, 0, width, height);
  for (const ring of area.querySelectorAll<HTMLElement>(".ring")) {
    const box = ring.getBoundingClientRect();
    const place: [number, number] = [box.x + box.width / 2 - map.x, box.y + box.height / 2 - map.y];
    const style = getComputedStyle(ring);
    for (const [radius, fill] of [
      [box.width / 2 + 2, style.outlineColor],
      [box.width / 2, style.borderTopColor],
      [box.width / 2 - 2, style.backgroundColor],
    ] as const)
      drawDot(context, place, radius, fill);
  }
  context.font = LARGE;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of area.querySelectorAll<HTMLElement>(".labels bdi")) {
    const box = label.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2 - map.x, box.y + box.height / 2 - map.y];
    context.strokeStyle = colour("--ground");
    context.lineWidth = 4;
    context.strokeText(label.innerText, x, y);
    context.fillStyle = colour("--text");
    context.fillText(label.innerText, x, y);
  }
  context.textAlign = "left";
}

function drawLine(context: CanvasRenderingContext2D, line: SVGLineElement): void {
  const style = getComputedStyle(line);
  context.beginPath();
  context.moveTo(line.x1.baseVal.value, line.y1.baseVal.value);
  context.lineTo(line.x2.baseVal.value, line.y2.baseVal.value);
  context.strokeStyle = style.stroke;
  context.lineWidth = Number.parseFloat(style.strokeWidth) || 1;
  context.setLineDash(
    style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(Number.parseFloat),
  );
  context.stroke();
  context.setLineDash([]);
}

function drawDot(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  radius: number,
  fill: string,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}

/** What each colour is: the classes that are on, or the texts of a column; none where the colours are a scale. */
function entries(): Entry[] {
  const scale = pointValues.peek();
  if (scale?.names) {
    const ramp = rampOf(scale);
    return scale.names.map((text, code) => ({ text, colour: css(ramp[code] ?? [128, 128, 128]) }));
  }
  const classes = scale ? [] : (dataset.peek()?.classes ?? []);
  return classes.flatMap((name, code) =>
    hidden.peek().has(code)
      ? []
      : [{ text: className(name), colour: css(classColour(code, classes.length)) }],
  );
}

const scaleShown = () => (pointValues.peek()?.names ? null : pointValues.peek());

function inRows(context: CanvasRenderingContext2D, all: readonly Entry[], width: number): Entry[][] {
  const rows: Entry[][] = [];
  let left = 0;
  for (const entry of all) {
    const takes = takenBy(context, entry);
    if (takes > left) {
      rows.push([]);
      left = width;
    }
    rows.at(-1)?.push(entry);
    left -= takes;
  }
  return rows;
}

const takenBy = (context: CanvasRenderingContext2D, { text }: Entry): number =>
  4 * DOT + context.measureText(text).width + MARGIN;

function drawEntries(context: CanvasRenderingContext2D, row: readonly Entry[], y: number): void {
  context.font = SMALL;
  context.textBaseline = "middle";
  let x = MARGIN;
  for (const entry of row) {
    drawDot(context, [x + DOT, y + LINE / 2], DOT, entry.colour);
    context.fillStyle = colour("--text");
    context.fillText(entry.text, x + 3 * DOT, y + LINE / 2);
    x += takenBy(context, entry);
  }
}

/** The name of the value, and its ramp between the numbers of its ends. */
function drawScale(context: CanvasRenderingContext2D, y: number): void {
  const scale = scaleShown();
  if (!scale) return;
  context.font = SMALL;
  context.textBaseline = "middle";
  context.fillStyle = colour("--text");
  const says = `${scale.name}  ${Number(scale.low.toPrecision(3))}`;
  context.fillText(says, MARGIN, y + LINE / 2);
  const from = MARGIN + context.measureText(says).width + 8;
  const ramp = rampOf(scale);
  const gradient = context.createLinearGradient(from, 0, from + BAR, 0);
  ramp.forEach((each, i) => {
    gradient.addColorStop(i / Math.max(1, ramp.length - 1), css(each));
  });
  context.fillStyle = gradient;
  context.fillRect(from, y + 4, BAR, LINE - 8);
  context.fillStyle = colour("--text");
  context.fillText(String(Number(scale.high.toPrecision(3))), from + BAR + 8, y + LINE / 2);
}
