import type { JSX } from "preact";
import { count } from "../format";
import { toggleHelp } from "../keys";
import { dialogOpen, showDialog } from "../open";
import { dataset, helpOpen, panelOpen, rowsNoun } from "../state";
import { nextTheme, themeChoice } from "../theme";
import { Flake, Icon } from "./icons";
import { SavePicture } from "./save-picture";
import { Search } from "./search";

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
          <button
            type="button"
            class="data-name"
            id="data-name"
            aria-haspopup="dialog"
            aria-expanded={dialogOpen.value}
            title="Open other data (O)"
            onClick={showDialog}
          >
            <bdi>{facts.name}</bdi>
            <Icon name="down" />
          </button>
          <span>
            {count(facts.n)} {rowsNoun.value}
            {facts.classes.length > 0 && ` · ${count(facts.classes.length)} classes`}
          </span>
        </p>
      )}
      <Search />
      <nav aria-label="Window">
        <SavePicture />
        <button
          type="button"
          class="drawer-button"
          id="drawer"
          aria-controls="panel"
          aria-expanded={panelOpen.value}
          onClick={() => {
            panelOpen.value = !panelOpen.value;
          }}
        >
          map and data
        </button>
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
