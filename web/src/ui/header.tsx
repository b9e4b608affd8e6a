import type { JSX } from "preact";
import { count } from "../format";
import { toggleHelp } from "../keys";
import { dataset, helpOpen } from "../state";
import { nextTheme, themeChoice } from "../theme";
import { Flake, Icon } from "./icons";

export function Header(): JSX.Element {
  const facts = dataset.value;
  return (
    <header class="header">
      <h1>
        <Flake />
        snowdome
      </h1>
      {facts && (
        <p class="data">
          <b>{facts.name}</b>
          <span>
            {count(facts.n)} {facts.image_shape ? "images" : "rows"}
            {facts.classes.length > 0 && ` · ${count(facts.classes.length)} classes`}
          </span>
        </p>
      )}
      <nav aria-label="Window">
        <button type="button" id="theme" title="Theme: light, dark, or as the system" onClick={nextTheme}>
          <Icon name={themeChoice.value} />
          {themeChoice.value}
        </button>
        <button
          type="button"
          id="help-button"
          aria-expanded={helpOpen.value}
          title="Keys (?)"
          onClick={toggleHelp}
        >
          <b>?</b> keys
        </button>
      </nav>
    </header>
  );
}
