import type { JSX } from "preact";
import { dataset, fatal } from "../state";
import { MAP, viewId } from "../views/registry";
import { HoverCard } from "./card";
import { Header } from "./header";
import { Help } from "./help";
import { MapArea } from "./map";
import { Messages } from "./messages";
import { DropHint, OpenDialog } from "./open";
import { Panel } from "./panel";
import { Rail } from "./rail";
import { StatusLine } from "./status";
import { Timeline } from "./timeline";
import { ViewStage } from "./view";

export function App(): JSX.Element {
  const facts = dataset.value;
  return (
    <div class="window" data-view={viewId.value}>
      <Header />
      <Rail />
      {facts ? <MapArea facts={facts} /> : <main class="stage" />}
      <ViewStage />
      {fatal.value !== null && (
        <p class="fatal" role="alert">
          {fatal.value}
        </p>
      )}
      {!facts && fatal.value === null && <p class="fatal quiet">Opening the data…</p>}
      <Panel />
      <Messages />
      {viewId.value === MAP && <Timeline />}
      <StatusLine />
      <Help />
      <HoverCard />
      <OpenDialog />
      <DropHint />
    </div>
  );
}
