import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import {
  act,
  alsoInHistory,
  canRedo,
  canUndo,
  forget,
  inHistory,
  older,
  redo,
  remember,
  retract,
  type Step,
  undo,
} from "./history";

const a = inHistory(signal(0));
const b = inHistory(signal("x"));

beforeEach(() => {
  a.value = 0;
  b.value = "x";
  forget();
});

test("a step brings back all signals that it changed, and only those of that step", () => {
  act("first", () => {
    a.value = 1;
  });
  act("second", () => {
    a.value = 2;
    b.value = "y";
  });
  undo();
  expect([a.value, b.value, canUndo.value, canRedo.value]).toEqual([1, "x", "first", "second"]);
  undo();
  expect(a.value).toBe(0);
  redo();
  redo();
  expect([a.value, b.value, canRedo.value]).toEqual([2, "y", null]);
});

test("what changes nothing is no step, and something new ends what could be done again", () => {
  act("nothing", () => {
    a.value = 0;
  });
  expect(canUndo.value).toBeNull();
  act("one", () => {
    a.value = 1;
  });
  undo();
  act("two", () => {
    a.value = 5;
  });
  expect(canRedo.value).toBeNull();
  redo();
  expect(a.value).toBe(5);
});

test("a hundred steps are kept, also those that undo themselves", () => {
  let decided = 0;
  for (let i = 0; i < 130; i++) {
    remember({
      says: `decision ${i}`,
      undo: () => {
        decided -= 1;
      },
      redo: () => {
        decided += 1;
      },
    });
    decided += 1;
  }
  for (let i = 0; i < 130; i++) undo();
  expect(decided).toBe(30);
  expect(canUndo.value).toBeNull();
});

test("a step that takes a while and does not happen stays where it was", async () => {
  let works = true;
  const step = { says: "decision", undo: async () => works, redo: async () => works };
  remember(step);
  undo();
  expect([canUndo.value, canRedo.value]).toEqual([null, "decision"]);
  await Promise.resolve();
  works = false;
  redo();
  expect([canUndo.value, canRedo.value]).toEqual(["decision", null]);
  await Promise.resolve();
  expect([canUndo.value, canRedo.value]).toEqual([null, "decision"]);
  retract(step);
  expect(canRedo.value).toBeNull();
});

test("what was done before the page was there is undone after all that the page did", async () => {
  const done: string[] = [];
  older.value = {
    says: "older",
    undo: async () => done.push("undone") > 0,
    redo: async () => done.push("again") > 0,
  };
  act("first", () => {
    a.value = 1;
  });
  undo();
  expect([a.value, canUndo.value]).toEqual([0, "older"]);
  undo();
  older.value = null; // as the app says then
  await Promise.resolve();
  expect([done, canUndo.value, canRedo.value]).toEqual([["undone"], null, "older"]);
  redo();
  expect([done, canUndo.value]).toEqual([["undone", "again"], "older"]);
});

test("steps that are known only once they are done wait for one another", async () => {
  const log: string[] = [];
  const stepOf = (name: string, before: Step | null): Step => ({
    says: name,
    undo: async () => {
      await Promise.resolve();
      older.value = before;
      return log.push(`-${name}`) > 0;
    },
    redo: async () => log.push(name) > 0,
    inTurn: true,
  });
  older.value = stepOf("second", stepOf("first", null));
  undo();
  undo();
  redo();
  await vi.waitFor(() => expect(log).toEqual(["-second", "-first", "first"]));
  await vi.waitFor(() => expect([canUndo.value, canRedo.value]).toEqual(["first", "second"]));
  redo();
  await vi.waitFor(() => expect(log.at(-1)).toBe("second"));
});

test("a step brings back no more than it changed, also of what is no signal", () => {
  let camera = { x: 0 };
  alsoInHistory({
    take: () => camera,
    put: (value) => {
      camera = value;
    },
    same: (one, other) => one.x === other.x,
  });
  act("selected", () => {
    a.value = 1;
  });
  camera = { x: 5 }; // by no step
  b.value = "z";
  undo();
  expect([a.value, b.value, camera.x]).toEqual([0, "z", 5]);
  act("went there", () => {
    camera = { x: 9 };
  });
  undo();
  expect(camera.x).toBe(5);
  redo();
  expect(camera.x).toBe(9);
});
