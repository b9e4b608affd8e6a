// One image as numbers: the image with its pixels, the matrix, the vector. What is pointed at in one of them is marked in
// all three.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../../format";
import { usePicture } from "../../picture/offer";
import { dataset, labelOf, rowsNoun } from "../../state";
import { useSays } from "../registry";
import { Bar } from "./bar";
import "./image.css";
import { Numbers, Picture, Strip, Vector } from "./figures";
import { factsInStage, follow, learnInk, part, row, shape, shares, type Values, values } from "./looked";
import { imagePicture } from "./picture";
import { sizesFor } from "./pixel";

import { Facts } from "./side";

export { Side } from "./side";

const MARGIN = 24;
const ROOM_FOR_FACTS = 232; // px of the image's width

export function Stage(): JSX.Element {
  const stage = useRef<HTMLDivElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  useEffect(() => {
    learnInk();
    return follow();
  }, []);
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      const box = stage.current;
      if (box) size.value = { width: box.clientWidth, height: box.clientHeight };
    });
    if (stage.current) watch.observe(stage.current);
    return () => watch.disconnect();
  }, []);
  useSays(() => {
    const at = row.value;
    const facts = dataset.value;
    if (at === null || !facts) return "";
    return `${rowsNoun.value === "images" ? "image" : "row"} ${count(at)} of ${count(facts.n)} · ${count(facts.p)} values, shown on the scale ${shares.value ? "0 to 1" : "of the data"} · label ${labelOf(at)}`;
  });
  const shown = values.value;
  return (
    <div class="inspector">
      <Bar />
      <div class="inspector-stage" ref={stage}>
        {shown && size.value.width > 0 && <Pictures shown={shown} size={size.value} />}
      </div>
    </div>
  );
}

interface PicturesProps {
  shown: Values;
  size: { width: number; height: number };
}

function Pictures({ shown, size }: PicturesProps): JSX.Element {
  const form = shape.value;
  const about = part.value;
  usePicture(["png", "svg"], () => imagePicture(shown, size));
  if (!form || !about) return <Vector shown={shown} width={size.width - MARGIN} />;
  const sizes = sizesFor(form, about, size);
  const here = form.width * sizes.pixel >= ROOM_FOR_FACTS;
  factsInStage.value = here;
  return (
    <>
      <div class="inspector-pair">
        <div class="inspector-left" style={{ width: `${form.width * sizes.pixel}px` }}>
          <Picture shown={shown} form={form} sizes={sizes} about={about} />
          {here && <Facts />}
        </div>
        <Numbers shown={shown} form={form} sizes={sizes} about={about} />
      </div>
      <Strip shown={shown} form={form} sizes={sizes} />
    </>
  );
}
