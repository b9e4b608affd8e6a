// The view "Lessons": the pages there are, and the one that is read with its figure, its scores and its Python.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { dataset, tell } from "../../state";
import { useSays } from "../registry";
import { FIGURES } from "./figures";
import "./lessons.css";
import { Scores } from "./scores";
import { choose, learnPages, own, page, pages, simulation } from "./state";

export function Stage(): JSX.Element {
  useEffect(() => void learnPages(), []);
  useSays(() => {
    const name = dataset.value?.name ?? "";
    return page.value ? `${page.value.title} · ${name}${own.value ? ", the data of the documents" : ""}` : "";
  });
  const now = page.value;
  const Figure = now && FIGURES[now.id];
  return (
    <div class="lessons">
      <nav class="lessons-list" id="lessons" aria-label="Lessons">
        {pages.value.map((each) => (
          <button
            key={each.id}
            type="button"
            data-lesson={each.id}
            aria-current={each.id === now?.id ? "page" : undefined}
            onClick={() => choose(each.id)}
          >
            {each.title}
          </button>
        ))}
      </nav>
      {now && (
        <article class="lesson" id="lesson" data-lesson={now.id}>
          <h2>{now.title}</h2>
          <p>{now.says}</p>
          <p class="quiet">After {now.source}.</p>
          {Figure && <Figure />}
          {now.lessons.length > 0 && <Scores lessons={now.lessons} />}
          <Python text={now.id === "threshold" ? (simulation.value?.python ?? now.python) : now.python} />
        </article>
      )}
    </div>
  );
}

function Python({ text }: { text: string }): JSX.Element {
  const copied = useSignal("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = text;
    } catch {
      tell("warning", "The browser does not let this page copy. Select the lines and copy them yourself.");
    }
  };
  return (
    <section class="lesson-python" aria-label="The same in Python">
      <h3>The same in Python</h3>
      <pre id="lesson-python">{text}</pre>
      <button type="button" id="copy-lesson" onClick={copy}>
        {copied.value === text ? "Copied" : "Copy"}
      </button>
    </section>
  );
}
