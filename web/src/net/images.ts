// Images of rows, fetched when first looked at and kept: a pointer that wanders asks for each image once.

import { fetchImages } from "./api";

const KEPT = 4096;

export class ImageCache {
  private readonly kept = new Map<number, Uint8Array>();
  private readonly asked = new Map<number, Promise<Uint8Array>>();

  constructor(
    private readonly p: number,
    private readonly fetchRows: typeof fetchImages = fetchImages,
  ) {}

  /** The image if it is here already, else undefined. */
  peek(row: number): Uint8Array | undefined {
    return this.kept.get(row);
  }

  async load(row: number): Promise<Uint8Array> {
    const here = this.kept.get(row) ?? this.asked.get(row);
    if (here) return here;
    const coming = this.fetchOne(row);
    this.asked.set(row, coming);
    try {
      return await coming;
    } finally {
      this.asked.delete(row);
    }
  }

  private async fetchOne(row: number): Promise<Uint8Array> {
    const [pixels] = await this.fetchRows([row], this.p);
    if (!pixels) throw new Error(`The app sent no image for row ${row}.`);
    this.kept.set(row, pixels);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    return pixels;
  }
}
