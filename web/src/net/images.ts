// Images of rows, fetched when first looked at and kept while they are looked at lately. Rows that are asked for within
// a tick go in one request; what scrolled away before it was asked for is not asked for, and no longer waited for.

import { fetchImages } from "./api";
import { MAX_IMAGES } from "./wire";

const KEPT_BYTES = 32 << 20;
const LEAST_KEPT = 1024;
const MOST_KEPT = 16_384;
const REQUEST_BYTES = 4 << 20; // so that large images come one after the other, not all at the end
const AT_ONCE = 2; // requests under way

interface Waiting {
  promise: Promise<Uint8Array>;
  resolve(pixels: Uint8Array): void;
  reject(error: Error): void;
}

interface Request {
  rows: number[];
  control: AbortController;
}

/** The rows that a view shows now, of which it wants the images that are not here yet. */
export interface ImageWindow {
  show(rows: Iterable<number>): void;
  close(): void;
}

interface Viewer {
  rows: ReadonlySet<number>;
  onCame(rows: readonly number[]): void;
  onFailed(error: Error): void;
}

export class ImageCache {
  /** The least lately used first. */
  private readonly kept = new Map<number, Uint8Array>();
  private readonly waiting = new Map<number, Waiting>();
  private readonly queue = new Set<number>();
  private readonly requests = new Set<Request>();
  private readonly asked = new Set<number>();
  private readonly viewers = new Set<Viewer>();
  private readonly capacity: number;
  private readonly most: number;
  private planned = false;

  constructor(
    private readonly p: number,
    private readonly fetchRows: typeof fetchImages = fetchImages,
  ) {
    this.capacity = Math.max(LEAST_KEPT, Math.min(MOST_KEPT, Math.floor(KEPT_BYTES / p)));
    this.most = Math.max(1, Math.min(MAX_IMAGES, Math.floor(REQUEST_BYTES / p)));
  }

  /** The image if it is here already, else undefined. */
  peek(row: number): Uint8Array | undefined {
    const pixels = this.kept.get(row);
    if (!pixels) return undefined;
    this.kept.delete(row); // put behind all others: it was looked at now
    this.kept.set(row, pixels);
    return pixels;
  }

  load(row: number): Promise<Uint8Array> {
    const here = this.peek(row);
    if (here) return Promise.resolve(here);
    const under = this.waiting.get(row);
    if (under) return under.promise;
    let [resolve, reject]: [Waiting["resolve"], Waiting["reject"]] = [() => {}, () => {}];
    const promise = new Promise<Uint8Array>((yes, no) => {
      [resolve, reject] = [yes, no];
    });
    this.waiting.set(row, { promise, resolve, reject });
    this.want(row);
    return promise;
  }

  /** A view of many rows, told of those that came. */
  window(onCame: (rows: readonly number[]) => void, onFailed: (error: Error) => void): ImageWindow {
    const viewer: Viewer = { rows: new Set(), onCame, onFailed };
    this.viewers.add(viewer);
    const show = (rows: Iterable<number>): void => {
      viewer.rows = new Set(rows);
      for (const row of viewer.rows) if (!this.kept.has(row)) this.want(row);
      this.drop();
    };
    return {
      show,
      close: () => {
        show([]);
        this.viewers.delete(viewer);
      },
    };
  }

  private want(row: number): void {
    if (this.asked.has(row)) return;
    this.queue.add(row);
    if (this.planned) return;
    this.planned = true;
    setTimeout(() => {
      this.planned = false;
      this.pump();
    });
  }

  private isWanted(row: number): boolean {
    if (this.waiting.has(row)) return true;
    for (const viewer of this.viewers) if (viewer.rows.has(row)) return true;
    return false;
  }

  /** Forget what nobody wants any more. */
  private drop(): void {
    for (const row of this.queue) if (!this.isWanted(row)) this.queue.delete(row);
    for (const request of this.requests) {
      if (!request.rows.some((row) => this.isWanted(row))) this.end(request).control.abort();
    }
  }

  private pump(): void {
    while (this.requests.size < AT_ONCE && this.queue.size > 0) {
      const rows = [...this.queue].slice(0, this.most);
      const request = { rows, control: new AbortController() };
      for (const row of rows) {
        this.queue.delete(row);
        this.asked.add(row);
      }
      this.requests.add(request);
      void this.send(request);
    }
  }

  private end(request: Request): Request {
    this.requests.delete(request);
    for (const row of request.rows) this.asked.delete(row);
    return request;
  }

  private async send(request: Request): Promise<void> {
    try {
      const images = await this.fetchRows(request.rows, this.p, request.control.signal);
      if (request.control.signal.aborted) return;
      this.end(request);
      this.take(request.rows, images);
    } catch (error) {
      if (request.control.signal.aborted) return;
      this.end(request);
      this.fail(request.rows, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.pump();
    }
  }

  private take(rows: readonly number[], images: readonly Uint8Array[]): void {
    rows.forEach((row, i) => {
      const pixels = images[i];
      const waits = this.waiting.get(row);
      this.waiting.delete(row);
      if (!pixels) {
        waits?.reject(new Error(`The app sent no image for row ${row}.`));
        return;
      }
      const own = pixels.slice(); // not a view that keeps the whole answer alive
      this.kept.set(row, own);
      waits?.resolve(own);
    });
    this.evict();
    for (const viewer of this.viewers) {
      if (rows.some((row) => viewer.rows.has(row))) viewer.onCame(rows);
    }
  }

  private fail(rows: readonly number[], error: Error): void {
    const viewers = [...this.viewers].filter((viewer) => rows.some((row) => viewer.rows.has(row)));
    for (const row of rows) {
      this.waiting.get(row)?.reject(error);
      this.waiting.delete(row);
    }
    for (const viewer of viewers) viewer.onFailed(error);
  }

  private evict(): void {
    let shown = 0;
    for (const viewer of this.viewers) shown += viewer.rows.size;
    const most = Math.max(this.capacity, 2 * shown);
    for (const row of this.kept.keys()) {
      if (this.kept.size <= most) return;
      this.kept.delete(row);
    }
  }
}
