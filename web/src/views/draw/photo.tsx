// A photo with a frame round each digit that was found on it: a button that shows what is seen there.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { className, dataset } from "../../state";
import { digit, type Photo } from "./state";

export function PhotoSheet({ photo }: { photo: Photo }): JSX.Element {
  const hidden = useSignal(false);
  const { width, height, boxes, digits, notes } = photo.read;
  const names = digits.map(({ label }) => className(dataset.value?.classes[label]));
  return (
    <figure class="photo" id="photo">
      <div class="photo-frame" style={{ aspectRatio: `${width} / ${height}` }}>
        {hidden.value ? (
          <p class="quiet">This browser cannot show such a file; the digits on it were read all the same.</p>
        ) : (
          <img
            src={photo.address}
            alt={`${photo.file.name}, with ${digits.length} digits: ${names.join(" ")}`}
            onError={() => {
              hidden.value = true;
            }}
          />
        )}
        {boxes.map(([left, top, right, bottom], number) => (
          <button
            key={`${left} ${top}`}
            type="button"
            class="photo-digit"
            data-digit={number}
            aria-pressed={digit.value === number}
            aria-label={`Digit ${number + 1} of ${boxes.length}: ${names[number]}`}
            style={{
              left: `${(100 * left) / width}%`,
              top: `${(100 * top) / height}%`,
              width: `${(100 * (right - left)) / width}%`,
              height: `${(100 * (bottom - top)) / height}%`,
            }}
            onClick={() => {
              digit.value = number;
            }}
          >
            <b>{names[number]}</b>
          </button>
        ))}
      </div>
      <figcaption class="quiet">
        <b id="photo-reads">{names.join(" ")}</b> {notes.join("; ")}.
      </figcaption>
    </figure>
  );
}
