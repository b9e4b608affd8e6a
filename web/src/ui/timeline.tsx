// Under the stage: play, step, start again, the seed, how far the run is, and its cost.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { count, duration, parseSeed, runName, runState } from "../format";
import { canPlay, playOrPause, setSpeed, stepOnce, stopRun } from "../live";
import { isOver } from "../net/session";
import type { RunRecord } from "../net/wire";
import { startNewSeed, startSameSeed, startWith } from "../start-again";
import { driven, tell } from "../state";
import { CostCurve } from "./curve";
import { Exaggeration } from "./exaggeration";
import { Icon } from "./icons";
import { Scrub } from "./scrub";

const SPEEDS = [30, 10, 3]; // steps a second, slow enough to see each

export function Timeline(): JSX.Element | null {
  const run = driven.value;
  if (!run) return <div class="timeline" />;
  const running = run.status === "running";
  const playable = canPlay(run);
  const over = isOver(run);
  return (
    <section class="timeline" aria-label={`The run: ${run.title}`}>
      <Scrub />
      <div class="transport">
        <button
          type="button"
          class="primary"
          id="play"
          disabled={!playable}
          title={over ? "The run is over: R starts it again" : running ? "Pause (Space)" : "Play (Space)"}
          aria-label={running ? "Pause" : "Play"}
          onClick={playOrPause}
        >
          <Icon name={running ? "pause" : "play"} />
        </button>
        <button
          type="button"
          id="step"
          disabled={!playable}
          title="One step (.)"
          aria-label="One step"
          onClick={stepOnce}
        >
          <Icon name="step" />
        </button>
        <button
          type="button"
          id="stop"
          disabled={over}
          title="End the run; its map stays as it is"
          aria-label="End the run"
          onClick={() => stopRun(run)}
        >
          <Icon name="stop" />
        </button>
        <button
          type="button"
          id="reset"
          title="Start again with the same seed (R)"
          aria-label="Start again with the same seed"
          onClick={startSameSeed}
        >
          <Icon name="reset" />
        </button>
      </div>
      <div class="seed">
        <SeedInput run={run} />
        <button
          type="button"
          id="new-seed"
          title="Start again with a new seed (Shift R)"
          aria-label="Start again with a new seed"
          onClick={startNewSeed}
        >
          <Icon name="dice" />
        </button>
      </div>
      <SpeedSelect run={run} />
      <Progress run={run} />
      {run.exaggerates && <Exaggeration run={run} />}
      <CostCurve run={run} />
    </section>
  );
}

/** The seed as text: Enter starts it; while it is not being typed it shows the run's own. */
function SeedInput({ run }: { run: RunRecord }): JSX.Element {
  const [text, setText] = useState(String(run.seed ?? 0));
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  // Another run brings another seed
  useEffect(() => {
    setText(String(run.seed ?? 0));
    setWrong(false);
  }, [run.id]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      setText(String(run.seed ?? 0));
      setWrong(false);
      input.current?.blur();
    }
    if (event.key !== "Enter") return;
    const seed = parseSeed(text);
    setWrong(typeof seed === "string");
    if (typeof seed === "string") {
      tell("warning", seed);
      return;
    }
    input.current?.blur();
    startWith(seed);
  };

  return (
    <label title="Type a seed; Enter starts it">
      seed
      <input
        id="seed"
        ref={input}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        spellcheck={false}
        value={text}
        aria-invalid={wrong}
        onInput={(event) => setText(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={onKeyDown}
      />
    </label>
  );
}

/** How many steps a second; every new run begins at full speed. */
function SpeedSelect({ run }: { run: RunRecord }): JSX.Element {
  const other = run.speed !== null && !SPEEDS.includes(run.speed) ? [run.speed] : [];
  return (
    <label class="speed" title="How fast the run goes: slow enough to see every step, or as fast as it can">
      <span class="unseen">speed</span>
      <select
        id="speed"
        disabled={isOver(run)}
        value={run.speed ?? ""}
        onChange={(event) => setSpeed(run, Number(event.currentTarget.value) || null)}
      >
        <option value="">full speed</option>
        {[...SPEEDS, ...other].map((speed) => (
          <option key={speed} value={speed}>
            {speed}/s
          </option>
        ))}
      </select>
    </label>
  );
}

function Progress({ run }: { run: RunRecord }): JSX.Element {
  const busy = run.status === "preparing" || run.status === "queued";
  const left =
    run.status === "running" && run.seconds_left !== null ? `${duration(run.seconds_left)} left` : "";
  const share = run.stage_total > 0 ? run.stage_done / run.stage_total : 0;
  return (
    <div class="progress" id="progress">
      <p class="progress-title">
        <b title={runName(run)}>{runName(run)}</b>
        {!busy && run.steps > 0 && (
          <span>
            step {count(run.step)}/{count(run.steps)}
          </span>
        )}
      </p>
      <p class="progress-state" title={runState(run)}>
        {left || runState(run)}
      </p>
      {busy && (
        <div class="stage-bar">
          <i style={{ width: `${100 * share}%` }} />
        </div>
      )}
    </div>
  );
}
