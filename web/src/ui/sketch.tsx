// A kept map in small: some of its rows as dots in the colours of their classes.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { fetchSketch, keptName, said } from "../kept";
import { eyeOf, HOME, UPRIGHT } from "../map/view";
import type { KeptRecord } from "../net/wire";
import { classColour, css } from "../palette";
import { codes, dataset } from "../state";

const SIDE = 40; // CSS pixels
const SHARP = 2; // canvas pixels in each
const INSET = 3;
const DOT = 2;

const fetched = new Map<string, Promise<Uint8Array>>();

export function Sketch({ map }: { map: KeptRecord }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let wanted = true;
    const sketch = fetched.get(map.id) ?? fetchSketch(map.id);
    fetched.set(map.id, sketch);
    sketch.catch(() => fetched.delete(map.id));
    said(
      sketch.then((bytes) => {
        if (wanted && canvas.current) draw(canvas.current, bytes, map);
      }),
    );
    return () => {
      wanted = false;
    };
  }, [map.id]);
  return (
    <canvas
      class="sketch"
      ref={canvas}
      width={SIDE * SHARP}
      height={SIDE * SHARP}
      role="img"
      aria-label={`${keptName(map)} in small`}
      data-drawn="0"
    />
  );
}

function draw(canvas: HTMLCanvasElement, bytes: Uint8Array, map: KeptRecord): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const many = Math.floor(bytes.length / map.dim);
  const classes = dataset.peek()?.classes.length ?? 0;
  const orientation = map.dim === 3 ? HOME : UPRIGHT;
  const { right, up } = eyeOf({ dim: 2, x: 0, y: 0, z: 0, zoom: 1, width: 1, height: 1, orientation });
  const scale = (SIDE * SHARP - 2 * INSET) / 255;
  const middle = (SIDE * SHARP - DOT) / 2;
  for (let i = 0; i < many; i++) {
    const [x, y, z] = [0, 1, 2].map((axis) =>
      axis < map.dim ? (bytes[map.dim * i + axis] ?? 0) - 127.5 : 0,
    ) as [number, number, number];
    const row = Math.floor((i * map.n) / many);
    context.fillStyle = css(classColour(codes.peek()[row] ?? classes, classes));
    const across = right[0] * x + right[1] * y + right[2] * z;
    const upward = up[0] * x + up[1] * y + up[2] * z;
    context.fillRect(middle + scale * across, middle - scale * upward, DOT, DOT);
  }
  canvas.dataset.drawn = String(many);
}
