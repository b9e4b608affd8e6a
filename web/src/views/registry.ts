// The views there are: what stands in the middle of the window. A view is one folder here with a `view.ts` in it;
// nothing else lists it. What it needs is loaded when it is first looked at.

import { effect, type Signal, signal } from "@preact/signals";
import { type ComponentType, createContext } from "preact";
import { useContext, useEffect } from "preact/hooks";
import { inAddress } from "../address";
import { type Offer, offered } from "../picture/offered";
import type { IconName } from "../ui/icons";

export interface ViewParts {
  /** What fills the stage; it is unmounted when another view is looked at. */
  Stage?: ComponentType;
  /** What the right panel says while this view is looked at, below the image that is kept. */
  Side?: ComponentType;
}

export interface ViewDeclaration {
  /** Stands in the address of the page. */
  id: string;
  title: string;
  /** One sentence: what is seen here. */
  says: string;
  icon: IconName;
  /** Where it stands in the rail: lower is higher up. */
  order: number;
  /** It shows one image itself, so that the panel does not show the one that is kept. */
  ownImage?: boolean;
  /** It can stand in a pane of Compare, beside maps and other views. */
  besideOthers?: boolean;
  /** The keys that it takes before all others, for the list of keys. */
  keys?: readonly { keys: string; says: string }[];
  load(): Promise<ViewParts>;
}

const found = import.meta.glob<{ view: ViewDeclaration }>("./*/view.ts", { eager: true });

export const VIEWS: readonly ViewDeclaration[] = Object.values(found)
  .map((module) => module.view)
  .sort((a, b) => a.order - b.order);

export const MAP = "map";

/** The view that this tab looks at. */
export const viewId = signal(MAP);

/** What the status line says while another view than the map is looked at. */
export const viewSays = signal("");

/** The views whose stages are on the page: the one that is looked at, and those in the panes of Compare. */
export const onPage = signal<ReadonlySet<string>>(new Set());

/** How a view stands on the page. */
export interface Standing {
  /** What it says of itself: in the status line, or above the pane that it stands in. */
  says: Signal<string>;
  /** Whether it has the stage to itself; else the legend and the choice of colours stand there once for all. */
  alone: boolean;
  /** What it offers as a picture. */
  picture: Signal<Offer | null>;
}

export const StandingContext = createContext<Standing>({ says: viewSays, alone: true, picture: offered });

/** A view says in a sentence what is seen, n of N, of what: again whenever a signal in it changes, or one of `on`. */
export function useSays(sentence: () => string, on: readonly unknown[] = []): void {
  const { says } = useContext(StandingContext);
  useEffect(
    () =>
      effect(() => {
        says.value = sentence();
      }),
    [says, ...on],
  );
}

export const viewOf = (id: string): ViewDeclaration | undefined => VIEWS.find((view) => view.id === id);

/** Look at that view; one that there is not is the map. */
export function look(id: string): void {
  const next = viewOf(id) ? id : MAP;
  if (next === viewId.peek()) return;
  viewSays.value = "";
  viewId.value = next;
}

/** The view stands in the address, and the browser's way back leads to the one before. */
export function startLooking(): void {
  const write = (): string | null => (viewId.value === MAP ? null : viewId.value);
  inAddress("view", { write, read: look, pages: true });
}
