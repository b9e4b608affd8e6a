// How large the plot of an explorer and the images of its axes are, and where those stand. Pure.

export interface Sizes {
  plot: number;
  image: number; // the longer side of the images of the axes
  place: "around" | "left" | "below"; // of those images, beside the plot
  terse: boolean; // without all that is said in other places too
}

const TICKS = 40; // beside and below the plot
const HEAD = 36;
const LOW_HEAD = 32;
const CAPTION = 60; // under the image of an axis
const NAME = 24; // the same without what is said in other places too
const GAPS = 64;
const LEGEND = 84;
const COLUMN = 96; // of small images, with their names
const BESIDE = 92; // margins, ticks and the gap
const STEP = 28; // of the images: MNIST's stay crisp
const LEAST_AROUND = 240; // a smaller plot gains by another place of the images
const LEAST = 136;

const wholeSteps = (size: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.floor(size / STEP) * STEP));

/** What there is room for in so many CSS pixels, with a legend at the right or without. */
export function sizesIn(width: number, height: number, legend: boolean): Sizes {
  const right = legend ? LEGEND : 0;
  const image = wholeSteps(0.25 * Math.min(width, height), 112, 224);
  const across = width - image - TICKS - GAPS - right;
  const upward = height - image - TICKS - HEAD - CAPTION - GAPS + 24;
  const plot = Math.floor(Math.min(across, upward));
  if (plot >= LEAST_AROUND) return { image, plot, place: "around", terse: false };
  const [left, below] = [atTheLeft(width - right, height), underneath(width - right, height)];
  return left.plot < below.plot ? below : left;
}

function atTheLeft(width: number, height: number): Sizes {
  const each = (height - LOW_HEAD - 8) / 2;
  const terse = each < 112 + CAPTION;
  const beside = width - BESIDE;
  const image = wholeSteps(Math.min(each - (terse ? NAME : CAPTION), beside - LEAST), 56, 112);
  const room = Math.min(beside - Math.max(COLUMN, image), height - LOW_HEAD - TICKS);
  return { image, plot: Math.max(LEAST, Math.floor(room)), place: "left", terse };
}

function underneath(width: number, height: number): Sizes {
  const image = wholeSteps(0.2 * height, 56, 112);
  const room = Math.min(width - 80, height - LOW_HEAD - TICKS - image - CAPTION - 24);
  return { image, plot: Math.max(LEAST, Math.floor(room)), place: "below", terse: false };
}
