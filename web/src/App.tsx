/** The page: header, ring with its transport, and the panels. */
import { Header } from "./panels/Header";
import { Inspector } from "./panels/Inspector";
import { Panels } from "./panels/Panels";
import { Stage } from "./panels/Stage";
import { Transport } from "./panels/Transport";
import { AnswerChart } from "./charts/charts";
import { Sheet } from "./panels/Sheet";
import { ToastView } from "./panels/Toast";
import { TroubleView } from "./panels/Trouble";
import * as store from "./store/store";
import { spoken } from "./ui/announce";

export function App() {
  return (
    <>
      <Header />
      <main class="layout">
        <div class="left">
          <Stage />
          <Transport />
        </div>
        <aside class="right" aria-label="Measurements and controls">
          <section class="card answer" aria-label="Answer rate"><AnswerChart /></section>
          <Inspector />
          <Panels />
        </aside>
      </main>
      {store.trouble.value && <TroubleView trouble={store.trouble.value} />}
      <Sheet />
      <ToastView />
      <div class="unseen" role="status" aria-live="polite">{spoken.value}</div>
    </>
  );
}
