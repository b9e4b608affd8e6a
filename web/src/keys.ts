// The keys of the window, in one table: the help list is made from it.

import { toggleEdges } from "./edges";
import { redo, undo } from "./history";
import { showAllClasses } from "./legend";
import { playOrPause, stepOnce } from "./live";
import type { Framing } from "./map/framing";
import { lassoTaken } from "./mounting";
import { dialogOpen, showDialog } from "./open";
import { savePicture } from "./picture/offer";
import { keep, selected, selectNobody } from "./selection";
import { showNext } from "./show";
import { startIn, startNewSeed, startSameSeed } from "./start-again";
import { helpOpen, hovered, inHand, stage } from "./state";
import { toggleLasso, togglePictures } from "./ui/map-tools";
import { MAP, viewId } from "./views/registry";

interface Key {
  keys: string; // as the help list shows them
  says: string;
  does?: { key: string; act: () => void }[]; // none: the part of the window that has the focus does it
}

const PAN = 60;
const ZOOM = 1.4;

/** The camera that the keys move: one over a map that is seen. */
const camera = (): Framing | undefined => (viewId.value === MAP ? stage.value : inHand.value)?.framing;
const pan = (key: string, dx: number, dy: number) => ({ key, act: () => camera()?.panBy(dx, dy) });
const zoom = (key: string, factor: number) => ({ key, act: () => camera()?.zoomBy(factor) });
const turn = (key: string, dx: number, dy: number) => ({
  key: `Shift ${key}`,
  act: () => camera()?.turnBy(dx, dy),
});
const dims = (count: number) => ({ key: String(count), act: () => startIn(count) });
const one = (key: string, act: () => void) => [{ key, act }];

export const KEYS: readonly Key[] = [
  { keys: "Space", says: "play or pause", does: one(" ", playOrPause) },
  { keys: ".", says: "one step", does: one(".", stepOnce) },
  { keys: "R", says: "start again with the same seed", does: one("r", startSameSeed) },
  { keys: "Shift R", says: "start again with a new seed", does: one("R", startNewSeed) },
  { keys: "2 3", says: "the same map in two or three dimensions", does: [dims(2), dims(3)] },
  { keys: "M", says: "make another map", does: one("m", chooseMethod) },
  { keys: "F", says: "fit the map to the stage", does: one("f", () => camera()?.fit()) },
  { keys: "+ −", says: "zoom", does: [zoom("+", ZOOM), zoom("=", ZOOM), zoom("-", 1 / ZOOM)] },
  {
    keys: "Arrows",
    says: "pan, when the map has the focus",
    does: [
      pan("ArrowLeft", -PAN, 0),
      pan("ArrowRight", PAN, 0),
      pan("ArrowUp", 0, -PAN),
      pan("ArrowDown", 0, PAN),
    ],
  },
  {
    keys: "Shift Arrows",
    says: "turn a 3-D map, when it has the focus",
    does: [
      turn("ArrowLeft", -PAN, 0),
      turn("ArrowRight", PAN, 0),
      turn("ArrowUp", 0, -PAN),
      turn("ArrowDown", 0, PAN),
    ],
  },
  { keys: "/", says: "search and filter", does: one("/", focusSearch) },
  {
    keys: "[ ]",
    says: "the image before and the next, in the selection or else in the class",
    does: [
      { key: "[", act: () => showNext(-1) },
      { key: "]", act: () => showNext(1) },
    ],
  },
  {
    keys: "L",
    says: "lasso: draw round dots to select them; so does Shift and a drag",
    does: one("l", toggleLasso),
  },
  { keys: "I", says: "images in place of dots", does: one("i", togglePictures) },
  { keys: "E", says: "edges to the nearest neighbours", does: one("e", toggleEdges) },
  { keys: "O", says: "open other data", does: one("o", showDialog) },
  {
    keys: "P",
    says: "save what is seen as a picture; with Shift as a vector graphic, where the view is one",
    does: [
      { key: "p", act: () => void savePicture("png") },
      { key: "P", act: () => void savePicture("svg") },
    ],
  },
  { keys: "A", says: "all classes on", does: one("a", showAllClasses) },
  { keys: "0 – 9", says: "a class on or off, when the legend has the focus" },
  { keys: "Enter", says: "keep the image under the pointer", does: one("Enter", keepHovered) },
  {
    keys: "Esc",
    says: "close this list, else select nothing, else let go of the kept image",
    does: one("Escape", clear),
  },
  { keys: "Ctrl Z", says: "undo; with Shift, do it again; ⌘ on a Mac" },
  { keys: "?", says: "this list", does: one("?", toggleHelp) },
];

const ACTIONS = new Map(KEYS.flatMap((entry) => (entry.does ?? []).map(({ key, act }) => [key, act])));
/** Keys that focused buttons, boxes and lists use for themselves. */
const OWN_KEYS = new Set([" ", "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

function keepHovered(): void {
  if (hovered.value !== null) keep(hovered.value);
}

function chooseMethod(): void {
  document.querySelector<HTMLElement>("#method")?.focus();
}

export function focusSearch(): void {
  document.querySelector<HTMLElement>("#search")?.focus();
}

/** The view that is looked at takes the keys: for a button that goes away with what it was about. */
export function focusView(): void {
  document.querySelector<HTMLElement>("main:not([inert]) #map, #view")?.focus();
}

/** Whether a button was pressed by Enter or the space bar: then the keys need another place once it is gone. */
export const byKey = (click: MouseEvent): boolean => click.detail === 0;

function clear(): void {
  if (helpOpen.value) helpOpen.value = false;
  else if (lassoTaken.value) toggleLasso();
  else if (selected.value.length > 0) selectNobody();
  else keep(null);
}

export function toggleHelp(): void {
  helpOpen.value = !helpOpen.value;
}

/** Undo and redo work everywhere but in a field, which undoes its own text. */
function onUndo(event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return false;
  if ((event.target as HTMLElement).matches("input:not([type=checkbox]):not([type=radio]), textarea"))
    return false;
  event.preventDefault();
  if (event.shiftKey) redo();
  else undo();
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (!dialogOpen.value && onUndo(event)) return;
  if (dialogOpen.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = event.target as HTMLElement;
  if (target.matches("input:not([type=checkbox]), textarea")) return;
  if (OWN_KEYS.has(event.key) && target.matches("button, input, select, a")) return;
  if (event.key.startsWith("Arrow") && !target.matches("canvas")) return;
  // Caps lock turns r into R: only the Shift key itself tells them apart.
  const letter = event.key.length === 1 && /[a-z]/i.test(event.key);
  const key = letter ? (event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key;
  const act = ACTIONS.get(event.shiftKey && key.startsWith("Arrow") ? `Shift ${key}` : key);
  if (!act || (event.repeat && !event.key.startsWith("Arrow") && !"+=-.[]".includes(event.key))) return;
  event.preventDefault();
  act();
}

export function startKeys(): void {
  window.addEventListener("keydown", onKey);
}
