import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";

vi.useFakeTimers();
const page = {
  location: { hash: "", pathname: "/" },
  history: {
    replaceState: (_: null, __: string, next: string) => {
      page.location.hash = next === "/" ? "" : next;
    },
  },
  addEventListener: () => {},
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

test("the address follows what is looked at", () => {
  shown.value = "b";
  vi.advanceTimersByTime(300);
  expect(page.location.hash).toBe("#shown=b");
});

test("an address that was changed before it was to be written is read, not written over", () => {
  shown.value = "c";
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
