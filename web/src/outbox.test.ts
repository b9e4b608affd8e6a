import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox, TryLater } from "./outbox";

let sent: string[] = [];
let barred = "";

const make = (): Outbox<string> =>
  new Outbox(
    async (item) => {
      if (barred !== "") throw new TryLater(barred);
      if (item === "wrong") throw new Error("no");
      sent.push(item);
    },
    (item, error) => sent.push(`${item} refused: ${error.message}`),
  );

beforeEach(() => {
  sent = [];
  barred = "";
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("all is saved in its order, and what is refused holds nothing up", async () => {
  const box = make();
  const saved = [box.put("a"), box.put("wrong"), box.put("b")];
  expect(box.waiting.value).toEqual(["a", "wrong", "b"]);
  expect(await Promise.all(saved)).toEqual([true, false, true]);
  expect(sent).toEqual(["a", "wrong refused: no", "b"]);
  expect(box.waiting.value).toEqual([]);
});

test("what cannot be saved stays, is said, and is tried again", async () => {
  const box = make();
  barred = "the disk is full";
  const saved = [box.put("a"), box.put("b")];
  await vi.advanceTimersByTimeAsync(0);
  expect(box.problem.value).toBe("the disk is full");
  await vi.advanceTimersByTimeAsync(2500);
  expect(box.waiting.value).toEqual(["a", "b"]);
  barred = "";
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.all(saved)).toEqual([true, true]);
  expect([sent, box.problem.value]).toEqual([["a", "b"], ""]);
});

test("a person need not wait for the next try", async () => {
  const box = make();
  barred = "no";
  const saved = box.put("a");
  await vi.advanceTimersByTimeAsync(0);
  barred = "";
  box.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(await saved).toBe(true);
});
