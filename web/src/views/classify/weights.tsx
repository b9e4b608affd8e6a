// How much each pixel speaks for each class, as images.

import type { JSX } from "preact";
import { largest, perPixel, signedRgba } from "../../explorer/colours";
import { Picture } from "../../explorer/picture";
import { useLoaded } from "../../explorer/use-loaded";
import type { ModelRecord } from "../../net/wire";
import { className, dataset } from "../../state";
import { dark, ground } from "../../theme";
import { fetchWeights } from "./api";

const SIZE = 112;
const MOST = 40;

export function Weights({ model }: { model: ModelRecord }): JSX.Element {
  const weights = useLoaded(async () => ({ model: model.id, of: await fetchWeights(model.id) }), [model.id]);
  const facts = dataset.value;
  const shape = facts?.image_shape;
  if (!facts || !shape)
    return <p class="quiet">These rows are plain values: there are no pixels to show weights of.</p>;
  if (weights?.model !== model.id) return <p class="quiet">Reading the weights…</p>;
  const each = facts.classes
    .slice(0, MOST)
    .map((_, code) => perPixel(weights.of.subarray(code * facts.p, (code + 1) * facts.p), facts.channels));
  const most = Math.max(...each.map(largest));
  const theme = dark.value ? "dark" : "light";
  return (
    <>
      <p class="quiet">
        Ink on a blue pixel speaks for the class, on a red one against it; all on one scale. The score of a
        class is the sum over its pixels.
      </p>
      <ul class="weight-images" id="weights">
        {each.map((of, code) => (
          <li key={`${code}`}>
            <Picture
              rgba={signedRgba(of, most, ground.value, theme)}
              shape={shape}
              size={SIZE}
              alt={`What speaks for ${className(facts.classes[code])}: blue, against it: red`}
            />
            <bdi>{className(facts.classes[code])}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}
