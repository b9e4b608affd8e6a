// The binary frame: a 64-byte little-endian head and n * dim float32 values, rows in the Dataset's order.

import {
  FLAG_DONE,
  FLAG_LAST,
  FLAG_PAUSED,
  FRAME,
  FRAME_ENC_F32,
  FRAME_KIND_POSITIONS,
  FRAME_MAGIC,
  FRAME_VERSION,
} from "./wire";

type Triple = [number, number, number];

export interface Frame {
  run: number;
  step: number;
  n: number;
  dim: 2 | 3;
  flags: number;
  phase: number;
  /** NaN before the first one was computed */
  cost: number;
  lo: Triple;
  hi: Triple;
  /** n * dim values, a view into the received buffer: nothing is copied on the way to the GPU. */
  positions: Float32Array<ArrayBuffer>;
}

function refuse(what: string): never {
  throw new Error(`The app sent a frame that this page cannot read: ${what}. Reload the page.`);
}

function triple(view: DataView, at: number): Triple {
  return [view.getFloat32(at, true), view.getFloat32(at + 4, true), view.getFloat32(at + 8, true)];
}

function checkHead(view: DataView): void {
  if (view.getUint32(FRAME.magic, true) !== FRAME_MAGIC) refuse("it does not start with SNOW");
  const found: [string, number, readonly number[]][] = [
    ["version", view.getUint16(FRAME.version, true), [FRAME_VERSION]],
    ["kind", view.getUint16(FRAME.kind, true), [FRAME_KIND_POSITIONS]],
    ["dim", view.getUint8(FRAME.dim), [2, 3]],
    ["encoding", view.getUint8(FRAME.enc), [FRAME_ENC_F32]],
  ];
  for (const [noun, got, allowed] of found) {
    if (!allowed.includes(got)) refuse(`its ${noun} is ${got}; allowed: ${allowed.join(" or ")}`);
  }
  const flags = view.getUint16(FRAME.flags, true);
  if (flags & ~(FLAG_PAUSED | FLAG_DONE | FLAG_LAST)) refuse(`it has unknown flags (${flags})`);
  for (let at = FRAME.zero; at < FRAME.cost; at++) {
    if (view.getUint8(at) !== 0) refuse(`its byte ${at} is ${view.getUint8(at)}; it has to be 0`);
  }
}

/** Decode one frame, or throw with the reason; a length that does not fit the head is refused. */
export function decodeFrame(buffer: ArrayBuffer): Frame {
  if (buffer.byteLength < FRAME.payload) {
    refuse(`it has ${buffer.byteLength} bytes; a head alone has ${FRAME.payload}`);
  }
  const view = new DataView(buffer);
  checkHead(view);
  const n = view.getUint32(FRAME.n, true);
  const dim = view.getUint8(FRAME.dim);
  const expected = FRAME.payload + n * dim * 4;
  if (buffer.byteLength !== expected) refuse(`it has ${buffer.byteLength} bytes; its head says ${expected}`);
  return {
    run: view.getUint32(FRAME.run, true),
    step: view.getUint32(FRAME.step, true),
    n,
    dim: dim === 3 ? 3 : 2,
    flags: view.getUint16(FRAME.flags, true),
    phase: view.getUint16(FRAME.phase, true),
    cost: view.getFloat64(FRAME.cost, true),
    lo: triple(view, FRAME.lo),
    hi: triple(view, FRAME.hi),
    positions: new Float32Array(buffer, FRAME.payload, n * dim),
  };
}
