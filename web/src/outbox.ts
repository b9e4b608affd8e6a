// What waits to be saved, one after the other, in its order. Nothing leaves it but by being saved or refused: where the way
// is barred, it is tried again.

import { signal } from "@preact/signals";

/** The same can be sent again later: the app does not answer, or cannot write. */
export class TryLater extends Error {}

interface Waiting<Item> {
  item: Item;
  settle(saved: boolean): void;
}

const FIRST_MS = 1000;
const MOST_MS = 15_000;

export class Outbox<Item> {
  readonly waiting = signal<readonly Item[]>([]);
  /** Why the first of them is not saved yet; "" while it is on its way. */
  readonly problem = signal("");

  private readonly queue: Waiting<Item>[] = [];
  private busy = false;
  private pause = FIRST_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly send: (item: Item) => Promise<void>,
    private readonly onRefused: (item: Item, error: Error) => void,
  ) {}

  /** Returns whether it was saved, once that is known. */
  put(item: Item): Promise<boolean> {
    return new Promise((settle) => {
      this.queue.push({ item, settle });
      this.tell();
      void this.pump();
    });
  }

  /** Try again at once. */
  retry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.problem.value = "";
    void this.pump();
  }

  private tell(): void {
    this.waiting.value = this.queue.map(({ item }) => item);
  }

  private async pump(): Promise<void> {
    const first = this.queue[0];
    if (!first || this.busy || this.timer !== undefined) return;
    this.busy = true;
    let saved = true;
    try {
      await this.send(first.item);
    } catch (error) {
      if (error instanceof TryLater) {
        this.later(error);
        return;
      }
      saved = false;
      this.onRefused(first.item, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.busy = false;
    }
    this.pause = FIRST_MS;
    this.problem.value = "";
    this.queue.shift();
    this.tell();
    first.settle(saved);
    void this.pump();
  }

  private later(error: Error): void {
    this.problem.value = error.message;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.pump();
    }, this.pause);
    this.pause = Math.min(MOST_MS, 2 * this.pause);
  }
}
