// The keys of the view, taken before all others while it is looked at.

import { classOfDigit } from "../../legend";
import { dialogOpen } from "../../open";
import { dataset } from "../../state";
import { blind, judge, move, moveWithin, takeSuggestion } from "./choice";

const ACTIONS: Readonly<Record<string, () => void>> = {
  s: takeSuggestion,
  k: () => {
    if (!blind.peek()) judge("keep"); // a label that is not seen cannot be kept
  },
  a: () => judge("ambiguous"),
  x: () => judge("exclude"),
  l: () => judge("later"),
  c: () => focus("#labels-class"),
  n: () => focus("#labels-note"),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  ArrowRight: () => moveWithin(1),
  ArrowLeft: () => moveWithin(-1),
};

function focus(selector: string): void {
  document.querySelector<HTMLInputElement>(selector)?.focus();
}

function onKey(event: KeyboardEvent): void {
  if (dialogOpen.peek() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const target = event.target as HTMLElement;
  if (target.matches("input:not([type=checkbox]), textarea, select, [role=listbox]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = ACTIONS[key] ?? (/^\d$/.test(key) ? () => relabelByDigit(key) : undefined);
  if (!act || (event.repeat && !key.startsWith("Arrow"))) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function relabelByDigit(digit: string): void {
  const classes = dataset.peek()?.classes ?? [];
  const name = classes[classOfDigit(classes, digit)];
  if (name !== undefined) judge("relabel", name);
}

export function startHand(): () => void {
  window.addEventListener("keydown", onKey, true);
  return () => window.removeEventListener("keydown", onKey, true);
}
