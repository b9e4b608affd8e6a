import { expect, it } from "vitest";
import { backOff, liveAddress } from "./socket";

it("derives the socket's address from the page's, under any prefix", () => {
  expect(liveAddress("http://127.0.0.1:8000/")).toBe("ws://127.0.0.1:8000/api/live");
  expect(liveAddress("https://hub.example/user/x/proxy/8888/?a=1#b")).toBe(
    "wss://hub.example/user/x/proxy/8888/api/live",
  );
});

it("waits longer and longer, up to ten seconds", () => {
  const waits = Array.from({ length: 8 }, (_, tries) => backOff(tries));
  expect(waits.slice(0, 3)).toEqual([500, 1000, 2000]);
  expect(waits.at(-1)).toBe(10_000);
});
