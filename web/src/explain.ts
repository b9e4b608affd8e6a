// What the measures of a map mean, and what they do not, in two sentences each.

const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /^recall@/,
    "The share of each row's nearest in the data (as many as it says) that are also among those on the map. It says nothing about rows that are far apart.",
  ],
  [
    /^trustworthiness/,
    "Whether rows that stand together on the map are near in the data; 1 is best. Rows that should stand together and do not are not counted.",
  ],
  [
    /^continuity/,
    "Whether rows that are near in the data stand together on the map; 1 is best. Strangers that stand among them are not counted.",
  ],
  [
    /accuracy/,
    "How often the labels of a row's neighbours on the map guess its own, for rows held out. A map can be good at this and still tear apart what belongs together.",
  ],
  [
    /^Spearman/,
    "Whether pairs farther apart in the data are so on the map: 1 is always, 0 by chance. Far pairs decide it; it hardly sees neighbours.",
  ],
  [
    /^Sammon.*rescaled/,
    "How far the distances on the map are off once the map is scaled to fit best, near pairs counting most; 0 is best. Few maps that separate clusters are good at it.",
  ],
  [
    /^Sammon/,
    "How far the distances on the map are off as they are, near pairs counting most; 0 is best. It means something only for maps that keep the data's scale.",
  ],
  [
    /^stress.*rescaled/,
    "How far the distances on the map are off once the map is scaled to fit best; 0 is best. Far pairs count most, so it hardly sees neighbours.",
  ],
  [
    /^stress/,
    "How far the distances on the map are off as they are, unscaled; 0 is best. It means something only for maps that keep the data's scale.",
  ],
  [
    /^KL/,
    "What t-SNE makes small: how badly the map's neighbourhoods fit those of the data. Compare values of the same data and perplexity only.",
  ],
];

/** The few that say the most: near, strangers among the near, classes, and far. All others are one click away. */
const FIRST = ["recall@15", "trustworthiness", "10-NN accuracy", "Spearman of distances"];

/** The scores that stand first; all of them where none of those is among them. */
export function firstOf<T extends { name: string }>(scores: readonly T[]): readonly T[] {
  const first = scores.filter((score) => FIRST.includes(score.name));
  return first.length > 0 ? first : scores;
}

/** What that measure means; nothing for one that is not known here. */
export const meaningOf = (score: string): string =>
  MEANINGS.find(([pattern]) => pattern.test(score))?.[1] ?? "";
