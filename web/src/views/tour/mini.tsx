// The canvas of a small map: hover shows an image, a click keeps it, a drag turns a map of three dimensions.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { classLooks } from "../../legend";
import type { Frame } from "../../net/frame";
import { keep } from "../../selection";
import { codes, hovered, labelOf } from "../../state";
import { dark } from "../../theme";
import { Rings } from "../../ui/ring";
import { classCss } from "../../ui/swatch";
import { Thumb } from "../../ui/thumb";
import { MiniMap } from "./mini-map";

interface MiniProps {
  id: string;
  label: string;
  frame: Frame | null;
  near?: { each: number; of: Uint16Array } | null;
  edges?: number; // to so many of the nearest
  only?: number | null;
}

const CARD = 72;
const SLOP = 3;
const TURN = 24; // pixels of a drag that an arrow stands for
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-TURN, 0],
  ArrowRight: [TURN, 0],
  ArrowUp: [0, -TURN],
  ArrowDown: [0, TURN],
};

export function Mini({ id, label, frame, near = null, edges = 0, only = null }: MiniProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<MiniMap | null>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const [size, setSize] = useState(0);
  const [inside, setInside] = useState(false);

  useLayoutEffect(() => {
    if (!canvas.current || !box.current) return undefined;
    const made = new MiniMap(canvas.current);
    map.current = made;
    const element = box.current;
    const watcher = new ResizeObserver(() => {
      made.resize(element.clientWidth);
      setSize(element.clientWidth);
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.stop();
    };
  }, []);
  useEffect(() => map.current?.show(frame), [frame]);
  const look = (): void =>
    map.current?.setLook({
      codes: codes.value,
      classes: classLooks.value,
      line: dark.value ? "#8b949e" : "#505050",
      edges: near && edges > 0 ? { near: near.of, each: near.each, count: edges } : null,
      only,
    });
  useSignalEffect(look);
  useEffect(look, [near, edges, only]);

  const at = (event: PointerEvent): readonly [number, number] => {
    const edge = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    return [event.clientX - edge.left, event.clientY - edge.top];
  };
  const onPointerMove = (event: PointerEvent): void => {
    const [x, y] = at(event);
    const from = drag.current;
    if (from && map.current?.turns && (from.moved || Math.hypot(x - from.x, y - from.y) > SLOP)) {
      map.current.turn(x - from.x, y - from.y);
      drag.current = { x, y, moved: true };
      hovered.value = null;
      return;
    }
    const row = map.current?.pick(x, y) ?? -1;
    hovered.value = row < 0 ? null : row;
    setInside(row >= 0);
  };
  const row = hovered.value;
  const place = row === null ? null : map.current?.placeOf(row);
  return (
    <div class="mini" ref={box}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its own keys turn it */}
      <canvas
        id={id}
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={label}
        data-hover={inside ? (row ?? "") : ""}
        onPointerDown={(event) => {
          const [x, y] = at(event);
          drag.current = { x, y, moved: false };
          canvas.current?.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => {
          const moved = drag.current?.moved;
          drag.current = null;
          const found = map.current?.pick(...at(event)) ?? -1;
          if (!moved && found >= 0) keep(found);
        }}
        onPointerLeave={() => {
          hovered.value = null;
          setInside(false);
        }}
        onKeyDown={(event) => {
          const way = WAYS[event.key];
          if (!way) return;
          event.preventDefault();
          map.current?.turn(...way);
        }}
      />
      <Rings placeOf={(each) => map.current?.placeOf(each) ?? null} />
      {inside && row !== null && place && (
        <div
          class="mini-card"
          style={{
            left: `${Math.min(size - CARD - 12, Math.max(0, place[0] + 12))}px`,
            top: `${place[1] > size - CARD - 44 ? place[1] - CARD - 40 : place[1] + 12}px`,
          }}
        >
          <Thumb row={row} size={CARD} alt={`image ${row}, ${labelOf(row)}`} />
          <p>
            <i class="dot" style={{ background: classCss(row) }} /> <bdi>{labelOf(row)}</bdi>{" "}
            <span>#{row}</span>
          </p>
        </div>
      )}
    </div>
  );
}
