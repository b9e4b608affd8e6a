// The id that the data themselves give a row, such as the path of its file, beside the row's number.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fetchIds } from "../net/api";
import { dataset, tell } from "../state";

const KEPT = 4096;
const known = new Map<number, string>();

async function load(row: number): Promise<string> {
  const [id] = await fetchIds([row]);
  const text = String(id ?? "");
  if (known.size >= KEPT) known.clear();
  known.set(row, text);
  return text;
}

/** The row's own id; nothing where the rows have none, or while it is on its way. */
export function useOwnId(row: number): string {
  const [found, setFound] = useState<{ row: number; id: string } | null>(null);
  const has = dataset.value?.has_ids ?? false;
  useEffect(() => {
    if (!has || known.has(row)) return;
    let current = true;
    load(row)
      .then((id) => {
        if (current) setFound({ row, id });
      })
      .catch((error: Error) => tell("warning", error.message));
    return () => {
      current = false;
    };
  }, [row, has]);
  if (!has) return "";
  return known.get(row) ?? (found?.row === row ? found.id : "");
}

export function OwnId({ row }: { row: number }): JSX.Element | null {
  const id = useOwnId(row);
  return id === "" ? null : <bdi class="own-id">{id}</bdi>;
}
