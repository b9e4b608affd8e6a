// Where the camera stands, in 2-D and in 3-D alike: pure functions from one view to another and from rows to pixels.

export type Point = readonly [number, number];
export type Place = readonly [number, number, number];
/** A rotation as a unit quaternion: x, y, z, w. */
export type Quaternion = readonly [number, number, number, number];

/**
 * What part of the map is on the stage. With p the row's place less (x, y, z), turned by `orientation` into
 * (right, up, toward), the row stands at the stage pixel
 *   px = width / 2 + right * zoom / w,   py = height / 2 - up * zoom / w,   w = 1 - toward * zoom / focal,
 * in CSS pixels from the stage's top left corner. `zoom` is CSS pixels per unit of the map at the centre's depth.
 * A map of two dimensions is seen straight from the front without perspective: there w is 1.
 */
export interface View {
  dim: 2 | 3;
  x: number;
  y: number;
  z: number;
  zoom: number;
  width: number;
  height: number;
  orientation: Quaternion;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What the projection needs to know of a view, ready for a loop over all rows. */
export interface Eye {
  right: Place;
  up: Place;
  toward: Place;
  /** what w loses for each unit that a row is nearer; 0 without perspective */
  lens: number;
}

/** The box that a map fills, and the radius of the ball around its centre that holds all rows. */
export interface Extent {
  lo: readonly number[];
  hi: readonly number[];
  radius: number;
}

const FIELD_OF_VIEW = 50; // degrees, upright
const FOCAL = 0.5 / Math.tan((FIELD_OF_VIEW * Math.PI) / 360); // in heights of the stage
/** Rows whose w is smaller are too near to the eye, or behind it, and are not drawn. */
export const NEAREST = 0.12;
const ZOOM_RANGE: Point = [1e-9, 1e12];

export const UPRIGHT: Quaternion = [0, 0, 0, 1];

/** The product of two rotations: first `b`, then `a`. */
export function composed(a: Quaternion, b: Quaternion): Quaternion {
  return unit([
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ]);
}

/** The rotation about an axis by so many radians; none about an axis without a length. */
export function about(axis: Place, angle: number): Quaternion {
  const length = Math.hypot(...axis);
  if (length === 0) return UPRIGHT;
  const sine = Math.sin(angle / 2) / length;
  return [axis[0] * sine, axis[1] * sine, axis[2] * sine, Math.cos(angle / 2)];
}

function unit(q: Quaternion): Quaternion {
  const length = Math.hypot(...q) || 1;
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}

/** How a 3-D map is seen at first: from a little above and from the side, so that its depth shows. */
export const HOME: Quaternion = composed(about([1, 0, 0], Math.PI / 9), about([0, 1, 0], -Math.PI / 6));

export function eyeOf(view: View): Eye {
  const [x, y, z, w] = view.orientation;
  return {
    right: [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    up: [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    toward: [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    lens: view.dim === 2 ? 0 : view.zoom / (FOCAL * view.height),
  };
}

/** The place on the stage, or null for what lies behind the eye. */
export function project(view: View, place: ArrayLike<number>): Point | null {
  const { right, up, toward, lens } = eyeOf(view);
  const x = (place[0] ?? 0) - view.x;
  const y = (place[1] ?? 0) - view.y;
  const z = (place[2] ?? 0) - view.z;
  const w = 1 - (toward[0] * x + toward[1] * y + toward[2] * z) * lens;
  if (!(w >= NEAREST)) return null;
  const scale = view.zoom / w;
  return [
    view.width / 2 + (right[0] * x + right[1] * y + right[2] * z) * scale,
    view.height / 2 - (up[0] * x + up[1] * y + up[2] * z) * scale,
  ];
}

/** The row's place on the stage, or null for a row that there is not, or that lies behind the eye. */
export function projectRow(view: View, positions: Float32Array, row: number): Point | null {
  const start = view.dim * row;
  const known = start + view.dim <= positions.length;
  return known ? project(view, positions.subarray(start, start + view.dim)) : null;
}

/** How far a place is in front of the centre, in map units; 0 on a flat map. */
export function nearness(view: View, place: ArrayLike<number>): number {
  const { toward } = eyeOf(view);
  const [x, y, z] = [place[0] ?? 0, place[1] ?? 0, place[2] ?? 0];
  return toward[0] * (x - view.x) + toward[1] * (y - view.y) + toward[2] * (z - view.z);
}

/** The view after the map was moved by so many pixels to the right and downward. */
export function panned(view: View, dx: number, dy: number): View {
  const { right, up } = eyeOf(view);
  const [a, b] = [-dx / view.zoom, dy / view.zoom];
  return {
    ...view,
    x: view.x + right[0] * a + up[0] * b,
    y: view.y + right[1] * a + up[1] * b,
    z: view.z + right[2] * a + up[2] * b,
  };
}

/** The view after a zoom that leaves what is at that pixel there; in 3-D, what is there at the centre's depth. */
export function zoomedAt(view: View, factor: number, px: number, py: number): View {
  const zoom = Math.min(ZOOM_RANGE[1], Math.max(ZOOM_RANGE[0], view.zoom * factor));
  const [dx, dy] = [px - view.width / 2, py - view.height / 2];
  const kept = 1 - view.zoom / zoom;
  return { ...panned(view, -dx * kept, -dy * kept), zoom };
}

/** The view after a drag by so many pixels over a trackball: across the stage's shorter side it turns by half. */
export function rotated(view: View, dx: number, dy: number): View {
  if (view.dim === 2) return view;
  const angle = (Math.PI * Math.hypot(dx, dy)) / Math.min(view.width, view.height);
  return { ...view, orientation: composed(about([dy, dx, 0], angle), view.orientation) };
}

/** The view that shows the whole map inside the stage less its insets. One point alone gets zoom 1. */
export function fitView(dim: 2 | 3, extent: Extent, size: Point, inset: Box, orientation: Quaternion): View {
  const [width, height] = size;
  const [x0 = 0, y0 = 0, z0 = 0] = extent.lo;
  const [x1 = 0, y1 = 0, z1 = 0] = extent.hi;
  const roomX = Math.max(1, width - inset.left - inset.right);
  const roomY = Math.max(1, height - inset.top - inset.bottom);
  const zoom =
    dim === 2
      ? Math.min(roomX / (x1 - x0), roomY / (y1 - y0))
      : ballZoom(extent.radius, height, roomX, roomY);
  const usable = Number.isFinite(zoom) && zoom > 0 ? zoom : 1;
  const centred: View = {
    dim,
    x: (x0 + x1) / 2,
    y: (y0 + y1) / 2,
    z: dim === 2 ? 0 : (z0 + z1) / 2,
    zoom: usable,
    width,
    height,
    orientation: dim === 2 ? UPRIGHT : orientation,
  };
  // A 3-D map turns about its own centre, so that stays in the middle of the stage.
  return dim === 3
    ? centred
    : panned(centred, (inset.left - inset.right) / 2, (inset.top - inset.bottom) / 2);
}

/** The zoom at which a ball of that radius just fits, whichever way it is turned: its outline is seen aslant. */
function ballZoom(radius: number, height: number, roomX: number, roomY: number): number {
  const focal = FOCAL * height;
  return focal / (radius * Math.sqrt(1 + (focal / (0.5 * Math.min(roomX, roomY))) ** 2));
}

/** `share` (0..1) of the way from one view to another; zoom moves evenly in its logarithm. */
export function between(from: View, to: View, share: number): View {
  if (share >= 1) return to;
  const zoom = from.zoom * (to.zoom / from.zoom) ** share;
  // The centre follows what the zoom has covered, so that the target does not drift off and come back.
  const covered = from.zoom === to.zoom ? share : (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / to.zoom);
  return {
    ...to,
    x: from.x + (to.x - from.x) * covered,
    y: from.y + (to.y - from.y) * covered,
    z: from.z + (to.z - from.z) * covered,
    zoom,
    orientation: turnedBetween(from.orientation, to.orientation, share),
  };
}

/** The rotation that is `share` of the way along the shorter arc. */
function turnedBetween(from: Quaternion, to: Quaternion, share: number): Quaternion {
  const cosine = from.reduce((sum, value, i) => sum + value * (to[i] as number), 0);
  const side = cosine < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(cosine)));
  const [a, b] =
    angle < 1e-4
      ? [1 - share, share]
      : [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
  const mixed = from.map((value, i) => a * value + side * b * (to[i] as number));
  return unit(mixed as unknown as Quaternion);
}

/** True where two views differ by less than half a pixel anywhere on the stage. */
export function sameView(a: View, b: View): boolean {
  const shift = Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) * b.zoom;
  const growth = Math.abs(a.zoom / b.zoom - 1) * Math.max(b.width, b.height);
  return a.width === b.width && a.height === b.height && shift < 0.5 && growth < 1 && sameOrientation(a, b);
}

export function sameOrientation(a: Pick<View, "orientation">, b: Pick<View, "orientation">): boolean {
  const cosine = a.orientation.reduce((sum, value, i) => sum + value * (b.orientation[i] as number), 0);
  return Math.abs(cosine) > 1 - 1e-7;
}

export const easeInOut = (t: number): number => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);
