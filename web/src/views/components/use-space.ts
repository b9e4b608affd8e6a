import { type Components, fetchComponents } from "../../explorer/api";
import { useLoaded } from "../../explorer/use-loaded";
import type { DatasetRecord } from "../../net/wire";

/** The components of the open data, found by the app when they are first asked for. */
export const useSpace = (facts: DatasetRecord): Components | null =>
  useLoaded(() => fetchComponents(facts.p), [facts]);
