import { describe, expect, it } from "vitest";
import { draw, inkOf, longer, read, SIDE, type Stroke, written } from "./strokes";

const stroke = (points: number[], width = 22): Stroke => ({ width, points });

describe("strokes", () => {
  it("grow by points that are apart, and stay on the sheet", () => {
    const begun = longer(stroke([]), 10.4, 20.6);
    expect(begun.points).toEqual([10, 21]);
    expect(longer(begun, 11, 21)).toBe(begun);
    expect(longer(begun, -50, 9999).points).toEqual([10, 21, 0, SIDE - 1]);
  });

  it("are the same after an address", () => {
    const strokes = [stroke([0, 0, 223, 223, 100, 35]), stroke([5, 6], 40)];
    expect(read(written(strokes))).toEqual(strokes);
    expect(read("")).toEqual([]);
  });

  it("of an address that is not ours are none, and stay in bounds", () => {
    expect(read("22_0a~<script>~_0a0b~22_0a0")).toEqual([]);
    expect(read("99_zzzz")).toEqual([stroke([SIDE - 1, SIDE - 1], 40)]);
  });

  it("are drawn as lines, and a single point as a dot", () => {
    const said: string[] = [];
    const pen = {
      lineWidth: 0,
      beginPath: () => said.push("begin"),
      moveTo: (x: number, y: number) => said.push(`move ${x} ${y}`),
      lineTo: (x: number, y: number) => said.push(`line ${x} ${y}`),
      stroke: () => said.push(`stroke ${pen.lineWidth}`),
    };
    draw(pen, [stroke([1, 2, 3, 4]), stroke([7, 8], 9)]);
    expect(said).toEqual([
      "begin",
      "move 1 2",
      "line 3 4",
      "stroke 22",
      "begin",
      "move 7 8",
      "line 7.01 8",
      "stroke 9",
    ]);
  });

  it("become ink by their brightness", () => {
    expect([...inkOf(Uint8ClampedArray.of(0, 0, 0, 255, 200, 200, 200, 255))]).toEqual([0, 200]);
  });
});
