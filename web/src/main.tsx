// Boot: the facts of the data, the classes and the newest map in one go, then the live socket.

import { render } from "preact";
import { startAddress } from "./address";
import { startColumns } from "./columns";
import { startDecisions } from "./decisions";
import { startEdges } from "./edges";
import { startKeys } from "./keys";
import { connect, show } from "./live";
import { startLookingFrom } from "./looked-from";
import { startNear } from "./near";
import { fetchDataset, fetchFrame, fetchLabels, fetchMethods, fetchSession, type Snapshot } from "./net/api";
import type { Frame } from "./net/frame";
import { ImageCache } from "./net/images";
import { isOver, restored } from "./net/session";
import { learnCatalogue, startDrops } from "./open";
import { startPoints } from "./points";
import { codes, dataset, fatal, images, known, methods, shown, stage, unfinished } from "./state";
import "./style/base.css";
import "./style/window.css";
import "./style/stage.css";
import "./style/panel.css";
import "./style/form.css";
import "./style/open.css";
import "./style/search.css";
import { startTheme } from "./theme";
import { App } from "./ui/app";
import { startLooking } from "./views/registry";
import { startWhereabouts } from "./whereabouts";

const FIRST_PICTURE_MS = 3000;

/** The newest run that has a map to show: one that has gone some steps, or is over. */
async function firstFrame(session: Snapshot): Promise<Frame | null> {
  const shows = [...session.runs].sort((a, b) => b.id - a.id).filter((run) => run.step > 0 || isOver(run));
  for (const run of shows) {
    const frame = await fetchFrame(run.id);
    if (frame) return frame;
  }
  return null;
}

async function boot(): Promise<void> {
  const labels = fetchLabels();
  const session = await fetchSession();
  const [facts, first, rows] = await Promise.all([fetchDataset(), firstFrame(session), labels]);
  if (rows.length !== facts.n)
    throw new Error(`The app sent ${rows.length} labels for ${facts.n} rows. Reload the page.`);
  document.title = `${facts.name} – snowdome`;
  known.value = restored(session.runs, session.costs);
  unfinished.value = session.unfinished;
  // Rows without a class are drawn as one more class, after the others.
  codes.value = rows.map((code) => Math.min(code, facts.classes.length));
  images.value = new ImageCache(facts.p);
  dataset.value = facts;
  await mounted();
  if (first) stage.value?.offer(first);
  await firstPicture(first);
  connect(session.session);
  methods.value = (await fetchMethods()).sort((a, b) => a.title.localeCompare(b.title));
  await learnCatalogue();
  await startDecisions();
}

/** Wait for the stage, which comes a moment after the facts; not for ever, where there is no WebGL to make one. */
function mounted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, FIRST_PICTURE_MS);
    const stop = stage.subscribe((value) => {
      if (value) setTimeout(done);
    });
    function done(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}

/** The first picture comes before the stream, which would compete with it. */
function firstPicture(first: Frame | null): Promise<void> {
  return new Promise((resolve) => {
    if (!first || !stage.value) return resolve();
    const timer = setTimeout(done, FIRST_PICTURE_MS);
    const stop = shown.subscribe((value) => {
      if (value) setTimeout(done);
    });
    function done(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}

startTheme();
startKeys();
startDrops();
startPoints();
startColumns();
startEdges();
startNear();
startLooking();
startLookingFrom(show);
startWhereabouts();
startAddress();
const root = document.querySelector("#app");
if (root) render(<App />, root);
boot().catch((error: Error) => {
  fatal.value = error.message;
});
