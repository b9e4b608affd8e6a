// One run of the essay: its map as it forms, play, step, start again, what to look for and whether it is so.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { cost, count, runState } from "../../format";
import { control } from "../../live";
import type { Frame } from "../../net/frame";
import { isOver } from "../../net/session";
import type { RunRecord } from "../../net/wire";
import { dataset, known, rowsNoun } from "../../state";
import { Icon } from "../../ui/icons";
import { type Check, checkOf, type Near } from "./checks";
import { Mini } from "./mini";
import { begin, beginTo, FIRST_ROWS, fetchFirst, finished, type Player, runOf } from "./players";

const BETWEEN_MS = 60; // between two frames of a run that goes on
const LARGEST_SEED = 9999;

export function PlayerCard({ player, near }: { player: Player; near: Near | null }): JSX.Element {
  const card = useRef<HTMLElement>(null);
  const seen = useSeen(card);
  const run = runOf(player);
  const frame = useFrame(player, run, seen);
  useEffect(() => {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (seen && !calm) beginTo(player);
  }, [seen]);
  const rows = Math.min(FIRST_ROWS, dataset.value?.n ?? 0);
  const name = `${player.title} ${player.dims}-D`;
  return (
    <article class="player" id={`player-${player.id}`} ref={card} data-status={run?.status ?? "none"}>
      <header>
        <h3>
          {player.title} <span>{player.dims}-D</span>
        </h3>
      </header>
      <p class="quiet">{player.says}</p>
      <Mini
        id={`map-${player.id}`}
        label={`${name} of the first ${count(rows)} ${rowsNoun.value}`}
        frame={frame}
        near={near}
        edges={player.edges ? 3 : 0}
      />
      <Transport player={player} run={run} />
      <Facts run={run} />
      <p>{player.looks}</p>
      <Verdict check={checkOf(player.id, near)} over={run !== undefined && isOver(run)} />
    </article>
  );
}

/** How far the run is, or whom it waits for. */
function stateOf(run: RunRecord): string {
  if (run.status === "queued") {
    const before = known.value.runs.find((other) => other.id < run.id && !isOver(other));
    return before
      ? `waits for ${before.title}, step ${count(before.step)} of ${count(before.steps)}`
      : "waits";
  }
  const steps = run.steps > 0 ? `step ${count(run.step)}/${count(run.steps)}` : "";
  return run.status === "running" || run.status === "done"
    ? steps
    : [steps, runState(run)].filter(Boolean).join(" · ");
}

export function Verdict({ check, over }: { check: Check | null; over: boolean }): JSX.Element {
  if (!check) {
    return (
      <p class="quiet">{over ? "Waits for the map it is compared with." : "Checked when the run is over."}</p>
    );
  }
  return <Found check={check} />;
}

/** Whether it is so, and what was counted. */
export function Found({ check }: { check: Check }): JSX.Element {
  const sign = check.holds === null ? "" : check.holds ? "✓ so it is: " : "✗ not here: ";
  return (
    <p class="verdict" data-holds={check.holds ?? ""}>
      {sign}
      {check.says}
    </p>
  );
}

/** How far the run is, its seed and its cost. */
function Facts({ run }: { run: RunRecord | undefined }): JSX.Element {
  const last = run && known.value.curves[run.id]?.costs.at(-1);
  return (
    <p class="player-facts">
      <span>{run ? stateOf(run) : "not begun"}</span>
      <span>seed {run?.seed ?? 0}</span>
      {last !== undefined && (
        <span data-cost={last}>
          {run?.cost_name} {cost(last)}
        </span>
      )}
    </p>
  );
}

function Transport({ player, run }: { player: Player; run: RunRecord | undefined }): JSX.Element {
  const over = !run || isOver(run);
  const running = run?.status === "running";
  const moves = running || run?.status === "paused";
  const seed = run?.seed ?? 0;
  const play = (): void => {
    if (!run || over) begin(player, seed);
    else control(run, running ? "pause" : "resume");
  };
  return (
    <div class="player-transport">
      <Button
        does="play"
        icon={running ? "pause" : "play"}
        says={over ? "Play it" : running ? "Pause" : "Go on"}
        disabled={!over && !moves}
        onClick={play}
      />
      <Button
        does="step"
        icon="step"
        says="One step"
        disabled={!moves}
        onClick={() => run && control(run, "step")}
      />
      <Button
        does="stop"
        icon="stop"
        says="End it"
        disabled={over}
        onClick={() => run && control(run, "stop")}
      />
      <Button
        does="reset"
        icon="reset"
        says="Start again with the same seed"
        disabled={!over}
        onClick={() => begin(player, seed)}
      />
      <Button
        does="dice"
        icon="dice"
        says="Start again with a new seed"
        disabled={!over}
        onClick={() => begin(player, 1 + ((seed + Math.floor(Math.random() * LARGEST_SEED)) % LARGEST_SEED))}
      />
    </div>
  );
}

interface ButtonProps {
  does: string;
  icon: "play" | "pause" | "step" | "stop" | "reset" | "dice";
  says: string;
  disabled: boolean;
  onClick: () => void;
}

const Button = ({ does, icon, says, disabled, onClick }: ButtonProps): JSX.Element => (
  <button type="button" data-does={does} title={says} aria-label={says} disabled={disabled} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

/** Whether an element is on the screen. */
function useSeen(element: { current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!element.current) return undefined;
    const watcher = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? false));
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, []);
  return seen;
}

/** The newest frame of a run: again and again while it goes on and is seen, and the last one when it is over. */
function useFrame(player: Player, run: RunRecord | undefined, seen: boolean): Frame | null {
  const [frame, setFrame] = useState<Frame | null>(finished.peek()[player.id] ?? null);
  const over = run !== undefined && isOver(run);
  const goes = run?.status === "running";
  const at = goes ? null : run?.step; // a step by hand brings a frame as well
  useEffect(() => {
    const any = run && (run.step > 0 || run.status === "done"); // one that was stopped in time has no frame
    if (!run || !any || !(over || seen)) return undefined;
    const last = finished.peek()[player.id];
    if (over && last?.run === run.id) {
      setFrame(last);
      return undefined;
    }
    let current = true;
    const look = async (): Promise<void> => {
      const found = await fetchFirst(run.id);
      if (!current) return;
      if (found) setFrame(found);
      if (over && found) finished.value = { ...finished.peek(), [player.id]: found };
      else if (goes && seen) setTimeout(() => current && void look(), BETWEEN_MS);
    };
    void look();
    return () => {
      current = false;
    };
  }, [run?.id, over, goes, seen, at, (run?.step ?? 0) > 0]);
  return frame;
}
