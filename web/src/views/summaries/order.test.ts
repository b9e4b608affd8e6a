import { expect, test } from "vitest";
import type { TableColumn, TableRecord } from "../../net/wire";
import { cellText, ordered, turned } from "./order";

const column = (name: string, names: TableColumn["names"] = ""): TableColumn => ({
  name,
  kind: "number",
  names,
});
const table: TableRecord = {
  columns: [column("label", "classes"), column("distance")],
  values: [
    [0, 0, 1, 1],
    [2.5, null, 2.5, -1],
  ],
  rows: 4,
};

test("lines are sorted up and down; missing values are last and equal ones stay as they were", () => {
  expect([...ordered(table, null)]).toEqual([0, 1, 2, 3]);
  expect([...ordered(table, { column: 1, down: false })]).toEqual([3, 0, 2, 1]);
  expect([...ordered(table, { column: 1, down: true })]).toEqual([0, 2, 3, 1]);
  expect([...ordered({ ...table, values: [] }, { column: 1, down: true })]).toEqual([]);
});

test("words are sorted as words", () => {
  const words = { ...table, values: [["b", "a", null, "c"]] };
  expect([...ordered(words, { column: 0, down: false })]).toEqual([1, 0, 3, 2]);
});

test("a click turns the order: up, down, as it came", () => {
  const up = turned(null, 1);
  expect(up).toEqual({ column: 1, down: false });
  expect(turned(up, 1)).toEqual({ column: 1, down: true });
  expect(turned({ column: 1, down: true }, 1)).toBeNull();
  expect(turned(up, 0)).toEqual({ column: 0, down: false });
});

test("values are written as people read them", () => {
  expect(cellText(47.2125432, column("d"), [])).toBe("47.213");
  expect(cellText(70000, column("n"), [])).toBe("70000");
  expect(cellText(0.00001234567, column("p"), [])).toBe("1.2346e-5");
  expect(cellText(null, column("p"), [])).toBe("–");
  expect(cellText(1, column("label", "classes"), ["cat", "dog"])).toBe("dog");
  expect(cellText(0, column("label", "classes"), [""])).toBe("no label");
  expect(cellText(true, column("flag"), [])).toBe("true");
});
