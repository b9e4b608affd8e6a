import { expect, test } from "vitest";
import { Gestures } from "./gestures";

function recorded(): [Gestures, string[]] {
  const begun: string[] = [];
  return [new Gestures((says) => begun.push(says)), begun];
}

test("a drag is one gesture, however long the hand rests in it", () => {
  const [gestures, begun] = recorded();
  gestures.hold();
  for (const now of [0, 10, 5000, 5010]) gestures.move("moved", now);
  gestures.release();
  expect(begun).toEqual(["moved"]);
  gestures.hold();
  gestures.move("moved", 5020);
  expect(begun).toEqual(["moved", "moved"]);
});

test("a press that moves nothing is none", () => {
  const [gestures, begun] = recorded();
  gestures.hold();
  gestures.release();
  expect(begun).toEqual([]);
});

test("a burst of the wheel is one gesture, until it has rested for half a second", () => {
  const [gestures, begun] = recorded();
  for (const now of [0, 400, 800, 1300]) gestures.move("zoomed", now);
  expect(begun).toHaveLength(1);
  gestures.move("zoomed", 1801);
  expect(begun).toHaveLength(2);
});

test("what ends a gesture lets the next move begin another", () => {
  const [gestures, begun] = recorded();
  gestures.move("zoomed", 0);
  gestures.end();
  gestures.move("zoomed", 1);
  expect(begun).toHaveLength(2);
});
