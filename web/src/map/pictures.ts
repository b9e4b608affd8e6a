// Images in the place of dots: one for each cell of the stage that has room for it, on a canvas above the map.

import type { Rows } from "./geometry";
import { cellRows } from "./region";
import { projectRow, type View } from "./view";

export const CELL = 36; // pixels; an image is a little smaller
const IMAGE = 30;
const CHOOSE_MS = 140;
const CHOOSE_MOVING_MS = 500;
const CROWD = 8; // rows for each cell up to which images come by themselves
const FEW = 12; // fewer rows on the stage than that are shown as images, however they lie

export type PictureMode = "auto" | "always" | "never";

/** Whether so many rows in so many cells are shown as images where nothing else is asked for. */
const comeByThemselves = (seen: number, cells: number): boolean =>
  seen > 0 && (seen <= FEW || seen <= CROWD * cells);

interface Scene {
  view: View;
  rows: Rows;
  moving: boolean;
  /** false while the whole map is seen: then dots stay dots unless a person wants images */
  near: boolean;
  mode: PictureMode;
}

/** Whether the same rows are met from the same place. */
const seenAlike = (one: Scene | null, other: Scene): boolean =>
  one?.view === other.view &&
  one.rows.hidden === other.rows.hidden &&
  one.rows.leftOut === other.rows.leftOut;

export interface PictureSource {
  /** The image of that row as something to draw, if it is here; else it is asked for, and `update` comes again. */
  image(row: number): CanvasImageSource | null;
  colour(row: number): string;
}

export class Pictures {
  private chosen: ReadonlyMap<number, number> = new Map();
  private chosenAt = Number.NEGATIVE_INFINITY;
  private chosenFor: Scene | null = null;
  private shows = false;
  private places: { row: number; x: number; y: number }[] = []; // of the images drawn, in the order of drawing
  private readonly context: CanvasRenderingContext2D | null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly source: PictureSource,
  ) {
    this.context = canvas.getContext("2d");
  }

  /** Draw the images of this scene. */
  update(scene: Scene, now: number): void {
    const { context, canvas } = this;
    if (!context) return;
    this.fit(scene.view);
    context.clearRect(0, 0, scene.view.width, scene.view.height);
    this.choose(scene, now);
    this.places = [];
    if (this.shows) for (const row of this.chosen.values()) this.draw(context, scene, row);
    canvas.dataset.images = String(this.places.length);
  }

  /** The row of the image at that place of the stage, or -1. */
  rowAt(px: number, py: number): number {
    const reach = IMAGE / 2 + 1;
    const found = this.places.findLast(({ x, y }) => Math.abs(x - px) <= reach && Math.abs(y - py) <= reach);
    return found?.row ?? -1;
  }

  private choose(scene: Scene, now: number): void {
    if (scene.mode === "never" || (scene.mode === "auto" && !scene.near)) {
      this.shows = false;
      this.chosenFor = null;
      return;
    }
    const wait = scene.moving ? CHOOSE_MOVING_MS : CHOOSE_MS;
    const same = !scene.moving && seenAlike(this.chosenFor, scene);
    if (same || (scene.moving && now - this.chosenAt < wait)) return;
    const { rows, seen } = cellRows(scene.view, scene.rows, CELL, this.chosen);
    this.chosen = rows;
    this.chosenAt = now;
    this.chosenFor = scene;
    this.shows = scene.mode === "always" || comeByThemselves(seen, rows.size);
  }

  private draw(context: CanvasRenderingContext2D, scene: Scene, row: number): void {
    const place = projectRow(scene.view, scene.rows.positions, row);
    const image = place && this.source.image(row);
    if (!place || !image) return;
    const { width, height } = image as { width: number; height: number };
    const scale = IMAGE / Math.max(width, height);
    const [w, h] = [width * scale, height * scale];
    const [x, y] = [Math.round(place[0] - w / 2), Math.round(place[1] - h / 2)];
    context.fillStyle = this.source.colour(row);
    context.fillRect(x - 2, y - 2, w + 4, h + 4);
    context.imageSmoothingEnabled = false;
    context.drawImage(image, x, y, w, h);
    this.places.push({ row, x: place[0], y: place[1] });
  }

  private fit(view: View): void {
    const ratio = Math.min(window.devicePixelRatio, 2);
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.context?.scale(ratio, ratio);
  }
}
