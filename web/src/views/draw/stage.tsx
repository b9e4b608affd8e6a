// The view "Draw": a sheet or a photo on the left, and on the right what it is taken for, what is like it, and where it
// goes on the map.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../../format";
import { takesPictures } from "../../open";
import { className, dataset, shownRun } from "../../state";
import { useSays } from "../registry";
import { Like, Taken } from "./answer";
import "./draw.css";
import { Pad } from "./pad";
import { PhotoSheet } from "./photo";
import { Place } from "./place";
import {
  answers,
  brush,
  clear,
  closePhoto,
  photo,
  problem,
  reading,
  readPhoto,
  seen,
  startLooking,
  strokes,
  takeBack,
  unfit,
} from "./state";
import { THICKEST, THINNEST } from "./strokes";

export function Stage(): JSX.Element {
  useEffect(() => {
    takesPictures.value = {
      says: "Drop a photo to read the digits on it",
      take: (file) => void readPhoto(file),
    };
    const stop = startLooking();
    return () => {
      takesPictures.value = null;
      stop();
    };
  }, []);
  useSays(() => {
    const facts = dataset.value;
    const taken = seen.value;
    const map = shownRun.value?.title;
    const among = facts ? `among ${count(facts.n)} images of ${facts.name}` : "";
    const says = taken && taken.label >= 0 ? `taken for ${className(facts?.classes[taken.label])}` : "";
    return [says, among, taken && map ? `placed on the ${map} map` : ""].filter(Boolean).join(" · ");
  });
  if (unfit.value !== "") {
    return (
      <p class="draw-unfit" id="draw-unfit">
        {unfit.value}
      </p>
    );
  }
  return (
    <div class="draw" data-answers={answers.value.count} data-ms={answers.value.ms.toFixed(0)}>
      <div class="draw-sheet">
        {photo.value ? <PhotoSheet photo={photo.value} /> : <Pad />}
        <Tools />
        {problem.value !== "" && (
          <p class="wrong" id="draw-problem" role="alert">
            {problem.value}
          </p>
        )}
        <Like />
      </div>
      <div class="draw-answer">
        <Taken />
        <Place />
      </div>
    </div>
  );
}

function Tools(): JSX.Element {
  const chooser = useRef<HTMLInputElement>(null);
  const none = strokes.value.length === 0;
  return (
    <div class="draw-tools">
      {photo.value ? (
        <button type="button" id="back-to-sheet" onClick={closePhoto}>
          Back to the sheet
        </button>
      ) : (
        <>
          <label class="draw-brush" title="How thick the pen is">
            <span>Pen</span>
            <input
              type="range"
              id="brush"
              min={THINNEST}
              max={THICKEST}
              value={brush.value}
              onInput={(event) => {
                brush.value = Number(event.currentTarget.value);
              }}
            />
          </label>
          <button
            type="button"
            id="take-back"
            disabled={none}
            title="Take the last stroke back"
            onClick={takeBack}
          >
            Undo
          </button>
          <button type="button" id="clear-sheet" disabled={none} onClick={clear}>
            Clear
          </button>
        </>
      )}
      <button
        type="button"
        id="choose-photo"
        disabled={reading.value !== null}
        title="Or drop one here: a photo of one or several digits"
        onClick={() => chooser.current?.click()}
      >
        {reading.value === null ? "Photo…" : "Reading…"}
      </button>
      <input
        ref={chooser}
        type="file"
        id="photo-file"
        class="unseen"
        accept="image/*"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) void readPhoto(file);
        }}
      />
    </div>
  );
}
