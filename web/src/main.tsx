/** Entry point of the page: starts the worker, renders the views, and opens the run of the URL. */
import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/panels.css";
import "./styles/charts.css";
import "./styles/graphShape.css";
import "./styles/commands.css";
import "./styles/claims.css";
import "./styles/invariants.css";
import { render } from "preact";
import { App } from "./App";
import { acceptDrops } from "./share/scenarioFiles";
import { boot, openAddress, returnToEntry } from "./store/actions";
import { connect } from "./store/workerClient";
import { announceEvents } from "./ui/announce";
import { listenToKeys } from "./ui/keys";
import { applyTheme } from "./ui/theme";
import { keepTextsAlive } from "./ui/translation";

// An entry that keeps its run, and a link, say what to open.
const isNew = location.hash === "" && history.state === null;
applyTheme();
connect(boot);
const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(<App />, root);
  keepTextsAlive(root);
}
listenToKeys();
announceEvents();
acceptDrops();
void import("./store/lastRun").then(({ keepLastRun }) => keepLastRun(isNew));
// Entries that keep a run are reached by Back, all others by a link or by typing.
const isKept = (): boolean => typeof history.state === "object" && history.state !== null;
addEventListener("popstate", () => isKept() && returnToEntry());
addEventListener("hashchange", () => isKept() || openAddress());
