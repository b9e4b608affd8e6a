import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FrameFlow } from "./flow";
import type { Frame } from "./frame";

const frame = (step: number): Frame => ({ run: 2, step }) as Frame;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("keeps only the newest frame", () => {
  const flow = new FrameFlow(() => {});
  flow.offer(frame(1));
  flow.offer(frame(2));
  expect(flow.take(0)?.step).toBe(2);
  expect(flow.take(0)).toBeNull();
});

it("gives the next frame only after the interval, counted from the start of the drawing", () => {
  const flow = new FrameFlow(() => {});
  flow.offer(frame(1));
  const first = flow.take(1000) as Frame;
  flow.drawn(first, 1000, 1090, 300);
  flow.offer(frame(2));
  expect(flow.due(1200)).toBe(100);
  expect(flow.take(1299)).toBeNull();
  expect(flow.take(1300)?.step).toBe(2);
  expect(flow.due(1300)).toBeNull();
});

it("acknowledges what was drawn shortly before it wants the next, and only once", () => {
  const acknowledged: number[] = [];
  const flow = new FrameFlow((sent) => acknowledged.push(sent.step));
  flow.offer(frame(1));
  flow.drawn(flow.take(0) as Frame, 0, 90, 300);
  vi.advanceTimersByTime(189);
  expect(acknowledged).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(acknowledged).toEqual([1]);
  vi.advanceTimersByTime(1000);
  expect(acknowledged).toEqual([1]);
});

it("acknowledges at once where drawing took longer than the interval", () => {
  const acknowledged: number[] = [];
  const flow = new FrameFlow((sent) => acknowledged.push(sent.step));
  flow.drawn(frame(1), 0, 500, 420);
  vi.advanceTimersByTime(0);
  expect(acknowledged).toEqual([1]);
});
