/** Page: header, ring with its transport, and the panels. */
import { Header } from "./panels/Header";
import { Inspector } from "./panels/Inspector";
import { Panels } from "./panels/Panels";
import { RingView } from "./panels/RingView";
import { Transport } from "./panels/Transport";
import { AnswerChart } from "./charts/charts";
import { ShortcutsDialog } from "./panels/ShortcutsDialog";
import { ToastView } from "./panels/Toast";
import { ErrorView } from "./panels/ErrorView";
import * as store from "./store/store";
import { spoken } from "./ui/announce";

export function App() {
  return (
    <>
      <Header />
      <main class="layout">
        <div class="left">
          <RingView />
          <Transport />
        </div>
        <aside class="right" aria-label="Measurements and controls">
          {store.hasLifecycle.value && <section class="card answer" aria-label="Answer rate"><AnswerChart /></section>}
          <Inspector />
          <Panels />
        </aside>
      </main>
      {store.pageError.value && <ErrorView error={store.pageError.value} />}
      <ShortcutsDialog />
      <ToastView />
      <div class="unseen" role="status" aria-live="polite">{spoken.value}</div>
    </>
  );
}
