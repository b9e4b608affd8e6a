import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";

vi.useFakeTimers();
const behind: string[] = [];
let hashChanged = (): void => {};
const page = {
  location: { hash: "", pathname: "/" },
  history: {
    state: null as unknown,
    replaceState: (state: unknown, __: string, next: string) => {
      page.history.state = state;
      page.location.hash = next === "/" ? "" : next;
    },
    pushState: (state: unknown, title: string, next: string) => {
      behind.push(page.location.hash);
      page.history.replaceState(state, title, next);
    },
  },
  addEventListener: (_: string, heard: () => void) => {
    hashChanged = heard;
  },
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
  clearTimeout: (timer: number) => clearTimeout(timer),
};
vi.stubGlobal("window", page);
const { inAddress, say, startAddress } = await import("./address");

const shown = signal("a");
inAddress("shown", {
  write: () => shown.value,
  read: (text) => {
    shown.value = text;
  },
});
startAddress();

test("where the page begins is a state of its own, to which the way back leads", () => {
  expect([page.history.state, page.location.hash]).toEqual([{ own: true }, ""]);
});

test("the address follows what is looked at", () => {
  shown.value = "b";
  vi.advanceTimersByTime(300);
  expect(page.location.hash).toBe("#shown=b");
});

test("what changes after a rest is written at once: a reload finds it", async () => {
  vi.advanceTimersByTime(300);
  shown.value = "at once";
  await Promise.resolve();
  expect(page.location.hash).toBe("#shown=at+once");
  shown.value = "so soon after it that it may go on";
  await Promise.resolve();
  expect(page.location.hash).toBe("#shown=at+once");
  vi.advanceTimersByTime(300);
  expect(page.location.hash).toBe("#shown=so+soon+after+it+that+it+may+go+on");
});

test("an address that was changed before it was to be written is read, not written over", () => {
  shown.value = "c";
  page.history.state = null;
  page.location.hash = "#shown=pasted"; // the page is told of that a moment later
  vi.advanceTimersByTime(300);
  expect(shown.value).toBe("pasted");
  vi.advanceTimersByTime(300);
  expect(page.location.hash).toBe("#shown=pasted");
});

test("what is said of a part that nobody reads yet waits for it", () => {
  say("shown", "d");
  expect(shown.value).toBe("d");
  say("later", "e");
  const read = vi.fn();
  inAddress("later", { write: () => null, read });
  expect(read).toHaveBeenCalledWith("e");
});

test("what waits for whoever reads it to be ready stays in the address", () => {
  const open = signal(false);
  const row = signal<string | null>(null);
  say("row", "7");
  inAddress("row", {
    write: () => row.value,
    read: (text) => {
      row.value = text;
    },
    ready: () => open.value,
  });
  shown.value = "f";
  vi.advanceTimersByTime(300);
  expect([row.value, page.location.hash]).toEqual([null, "#row=7&shown=f"]);
  open.value = true;
  vi.advanceTimersByTime(300);
  expect([row.value, page.location.hash]).toEqual(["7", "#shown=f&row=7"]);
  row.value = null;
  vi.advanceTimersByTime(300);
});

test("the way back leads through pages, and leaves what is none as it is", () => {
  const view = signal("map");
  inAddress("view", {
    write: () => (view.value === "map" ? null : view.value),
    read: (text) => {
      view.value = text || "map";
    },
    pages: true,
  });
  const start = page.location.hash;
  view.value = "cube";
  vi.advanceTimersByTime(300);
  expect(behind).toEqual([start]);
  shown.value = "since";
  vi.advanceTimersByTime(300);
  expect([behind.length, page.location.hash]).toEqual([1, "#shown=since&view=cube"]);
  page.location.hash = behind.pop() ?? ""; // the browser goes back, to a state of this page
  hashChanged();
  vi.advanceTimersByTime(300);
  expect([view.value, shown.value]).toEqual(["map", "since"]);
  expect([behind.length, page.location.hash]).toEqual([0, "#shown=since"]);
});
