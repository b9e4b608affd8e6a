import { expect, it } from "vitest";
import { crc32, makeZip } from "./zip";

it("computes the checksum that every zip has", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

it("lays files one after the other, and their list at the end", async () => {
  const told: number[] = [];
  const members = [
    { path: "cat/ä.png", file: new Blob(["meow"]) },
    { path: "dog/b.png", file: new Blob(["woof!"]) },
  ];
  const zip = await makeZip(members, (done) => told.push(done));
  const bytes = new DataView(await zip.arrayBuffer());
  expect(told).toEqual([0, 1]);
  const end = bytes.byteLength - 22;
  expect(bytes.getUint32(end, true)).toBe(0x06054b50);
  expect(bytes.getUint16(end + 10, true)).toBe(2);
  const list = bytes.getUint32(end + 16, true);
  expect(list + bytes.getUint32(end + 12, true)).toBe(end);
  expect(bytes.getUint32(list, true)).toBe(0x02014b50);
  const nameLength = bytes.getUint16(list + 28, true);
  expect(new TextDecoder().decode(bytes.buffer.slice(list + 46, list + 46 + nameLength))).toBe("cat/ä.png");
  const second = bytes.getUint32(list + 46 + nameLength + 42, true);
  expect(bytes.getUint32(second, true)).toBe(0x04034b50);
  expect(bytes.getUint32(second + 18, true)).toBe(5);
  const content = second + 30 + bytes.getUint16(second + 26, true);
  expect(new TextDecoder().decode(bytes.buffer.slice(content, content + 5))).toBe("woof!");
});

it("refuses what a plain zip cannot hold", async () => {
  const many = new Array(65_536).fill({ path: "a", file: new Blob([]) });
  await expect(makeZip(many, () => undefined)).rejects.toThrow("65535 files");
});
