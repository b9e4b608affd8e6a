import { expect, it } from "vitest";
import { gatherFiles, zipped } from "./dropped";

const member = (path: string) => ({ path, file: new Blob([path]) });
const quiet = (): void => undefined;

async function names(zip: Blob): Promise<string> {
  return (await zip.text()).replaceAll(/[^\x20-\x7e]+/g, " ");
}

it("leaves one file as it is", async () => {
  const file = new File(["x"], "a.npz");
  expect(await gatherFiles([file], quiet)).toEqual({ name: "a.npz", body: file });
});

it("names a folder's zip after the folder, whose classes stand at its top", async () => {
  const { name, body } = await zipped([member("pets/cat/1.png"), member("pets/dog/2.png")], quiet);
  expect(name).toBe("pets.zip");
  expect(await names(body)).toContain("dog/2.png");
  expect(await names(body)).not.toContain("!pets/");
});

it("keeps several folders apart, and leaves out what systems put there", async () => {
  const { name, body } = await zipped(
    [member("cat/1.png"), member("dog/2.png"), member("dog/.DS_Store"), member("__MACOSX/cat/1.png")],
    quiet,
  );
  expect(name).toBe("files.zip");
  expect(await names(body)).toContain("cat/1.png");
  expect(await names(body)).not.toContain("MACOSX");
  await expect(zipped([member(".DS_Store")], quiet)).rejects.toThrow("no files");
});
