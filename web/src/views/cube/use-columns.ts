import { useLoaded } from "../../explorer/use-loaded";
import type { DatasetRecord } from "../../net/wire";
import { axes } from "./axes";
import { type Column, columnOf } from "./data";

/** The columns of both axes, both of the same moment: the ones before stay until the next are here. */
export function useColumns(facts: DatasetRecord): { across: Column; up: Column } | null {
  const { across, up } = axes.value;
  return useLoaded(async () => {
    const [first, second] = await Promise.all([columnOf(facts, across), columnOf(facts, up)]);
    return { across: first, up: second };
  }, [facts, across, up]);
}
