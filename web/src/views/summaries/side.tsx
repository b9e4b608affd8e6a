// The right panel of the view: the options of the summary, and its files.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { ask } from "../../net/api";
import { usePicture } from "../../picture/offer";
import { tell } from "../../state";
import { dark } from "../../theme";
import { OptionField } from "../../ui/field";
import { fileOf } from "./api";
import { chosen, forgetTyped, options, refusal, shown, textOf, type, typed } from "./state";

export function Side(): JSX.Element | null {
  const summary = chosen.value;
  if (!summary) return null;
  const refused = refusal.value;
  const placed = summary.options.some((option) => option.name === refused?.option);
  return (
    <section class="look-side" aria-label="This summary">
      <h3>{summary.title}</h3>
      <p class="quiet">{summary.says}</p>
      <p class="quiet look-formula" title="The formula, and who asks it so">
        <span>{summary.formula}</span> {summary.source}
      </p>
      {summary.options.map((option) => (
        <OptionField
          key={`${summary.id} ${option.name}`}
          prefix="look"
          option={option}
          text={textOf(option.name)}
          refused={refused?.option === option.name ? refused.text : ""}
          onText={(text) => type(option.name, text)}
        />
      ))}
      {refused && !placed && shown.value?.id === summary.id && <p class="wrong">{refused.text}</p>}
      {Object.keys(typed.value).length > 0 && (
        <button type="button" class="link" id="look-defaults" onClick={forgetTyped}>
          defaults
        </button>
      )}
      <Files />
    </section>
  );
}

/** The same as files, and as Python. */
function Files(): JSX.Element | null {
  const copied = useSignal("");
  const now = shown.value;
  const there = now !== null && now.id === chosen.value?.id && options.value !== null;
  usePicture(there && now.answer.spec !== null ? ["png", "svg"] : [], (kind) => {
    const { id, options: asked } = now as NonNullable<typeof now>;
    const file = ask(fileOf(id, `chart.${kind}`, asked, dark.peek())).then((answer) => answer.blob());
    return { name: id, shows: file };
  });
  if (!there) return null;
  const { python, spec } = now.answer;
  const link = (file: string, text: string, title: string): JSX.Element => (
    <a
      class="button"
      id={`save-${text}`}
      href={fileOf(now.id, file, now.options, dark.value)}
      download
      title={title}
    >
      {text}
    </a>
  );
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(python);
      copied.value = python;
    } catch {
      tell("warning", "The browser does not let this page copy. Select the lines and copy them yourself.");
    }
  };
  return (
    <div class="look-files">
      <p>
        <span class="quiet">Table</span>
        {link("table.csv", "CSV", "Every line as comma-separated values")}
        {link("table.parquet", "Parquet", "Every line as a parquet file")}
      </p>
      {spec !== null && (
        <p>
          <span class="quiet">Chart</span>
          {link("chart.png", "PNG", "The picture at twice the resolution")}
          {link("chart.svg", "SVG", "The picture as a vector graphic")}
        </p>
      )}
      <details>
        <summary>Python</summary>
        <pre id="python">{python}</pre>
        <button type="button" id="look-copy" onClick={copy}>
          {copied.value === python ? "Copied" : "Copy"}
        </button>
      </details>
    </div>
  );
}
