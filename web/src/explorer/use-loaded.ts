import { useEffect, useState } from "preact/hooks";
import { tell } from "../state";

/** What `load` brings, null until it is there; what was there stays until the next has come, unless it is forgotten. */
export function useLoaded<T>(load: () => Promise<T>, on: readonly unknown[]): T | null {
  const [found, setFound] = useState<T | null>(null);
  useEffect(() => {
    let current = true;
    load()
      .then((value) => {
        if (current) setFound(() => value);
      })
      .catch((error: Error) => {
        if (current) tell("warning", error.message);
      });
    return () => {
      current = false;
    };
  }, on as unknown[]);
  return found;
}
