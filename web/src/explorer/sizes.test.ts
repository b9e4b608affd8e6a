import { expect, test } from "vitest";
import { sizesIn } from "./sizes";

test("on a stage the images stand around the plot, as in the essay", () => {
  expect(sizesIn(888, 732, true)).toEqual({ image: 168, plot: 388, place: "around", terse: false });
  expect(sizesIn(632, 572, true)).toEqual({ image: 140, plot: 256, place: "around", terse: false });
});

test("in a flat pane both images stand at its left, in a tall one below", () => {
  expect(sizesIn(444, 288, false)).toEqual({ image: 84, plot: 216, place: "left", terse: true });
  expect(sizesIn(444, 610, false)).toMatchObject({ place: "below", terse: false });
  expect(sizesIn(444, 610, false).plot).toBeGreaterThan(320);
});

test.each([300, 316, 444, 480, 600])("everything fits into a pane %i wide that is not very low", (width) => {
  for (let height = 240; height <= 700; height += 20) {
    const { image, plot, place } = sizesIn(width, height, false);
    const column = Math.max(96, image);
    const across = place === "left" ? column + plot + 92 : place === "below" ? plot + 80 : image + plot + 104;
    const down = place === "left" ? Math.max(plot + 72, 2 * image + 88) : image + plot + 100;
    expect(across).toBeLessThanOrEqual(Math.max(width, 96 + 136 + 92));
    expect(down).toBeLessThanOrEqual(height);
  }
});
