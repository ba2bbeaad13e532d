/** Where the page begins: views first, then the worker, then the run that the address asks for. */
import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/panels.css";
import "./styles/charts.css";
import "./styles/shape.css";
import "./styles/disturb.css";
import "./styles/claims.css";
import "./styles/watch.css";
import { render } from "preact";
import { App } from "./App";
import { acceptDrops } from "./share/drop";
import { recordRing } from "./spacetime/SpaceTime";
import { boot, openAddress } from "./store/actions";
import { connect } from "./store/wire";
import { narrate } from "./ui/announce";
import { listenToKeys } from "./ui/keys";
import { applyTheme } from "./ui/theme";

applyTheme();
connect(boot);
const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(<App />, root);
}
listenToKeys();
narrate();
recordRing();
acceptDrops();
addEventListener("hashchange", () => openAddress());
