import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeFrame } from "./frame";

// The same golden files that the Python suite decodes: a change of either side is a change of the wire.
const GOLDEN = new URL("../../../tests/golden/", import.meta.url);

interface Golden {
  file: string;
  bad?: string;
  frame?: Record<string, unknown> & { cost: number | null; values: number[] };
}

function bytes(file: string): ArrayBuffer {
  const read = readFileSync(new URL(file, GOLDEN));
  return read.buffer.slice(read.byteOffset, read.byteOffset + read.byteLength) as ArrayBuffer;
}

const listed = JSON.parse(readFileSync(new URL("frames.json", GOLDEN), "utf8")) as Golden[];

describe("golden frames", () => {
  it("are there", () => {
    expect(listed.length).toBeGreaterThan(8);
  });

  for (const { file, frame } of listed.filter((entry) => entry.frame)) {
    it(`reads ${file}`, () => {
      const { values, cost, ...head } = frame as NonNullable<Golden["frame"]>;
      const decoded = decodeFrame(bytes(file));
      expect(decoded).toMatchObject(head);
      expect(decoded.cost).toBe(cost ?? Number.NaN);
      expect([...decoded.positions]).toEqual(values.map(Math.fround));
    });
  }

  for (const { file, bad } of listed.filter((entry) => entry.bad)) {
    it(`refuses ${file}: ${bad}`, () => {
      expect(() => decodeFrame(bytes(file))).toThrow(/cannot read/);
    });
  }
});

it("adopts the received bytes instead of copying them", () => {
  const buffer = bytes("frame-2d.bin");
  expect(decodeFrame(buffer).positions.buffer).toBe(buffer);
});
