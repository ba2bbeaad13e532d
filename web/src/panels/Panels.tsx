/** Tabs with their panels. */
import { useRef } from "preact/hooks";
import * as store from "../store/store";
import { problemText, sentence } from "../store/text";
import { lazy } from "./lazy";
import { MeasurePanel } from "./Measure";
import { RunPanel } from "./Run";
import { InvariantsPanel } from "./Invariants";

const ClaimsPanel = lazy(() => import("./Claims"));
const CommandsPanel = lazy(() => import("./Commands"));
const KnobsPanel = lazy(() => import("./Knobs"));

const TABS: { name: store.Tab; title: string; view: () => preact.JSX.Element | null }[] = [
  { name: "measure", title: "Measure", view: MeasurePanel },
  { name: "commands", title: "Commands", view: CommandsPanel },
  { name: "knobs", title: "Knobs", view: KnobsPanel },
  { name: "invariants", title: "Invariants", view: InvariantsPanel },
  { name: "claims", title: "Claims", view: ClaimsPanel },
  { name: "run", title: "Run", view: RunPanel },
];

export function Panels() {
  const list = useRef<HTMLDivElement>(null);
  const current = store.tab.value;
  const move = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const at = TABS.findIndex(({ name }) => name === current);
    const next = TABS[(at + by + TABS.length) % TABS.length];
    if (!next) return;
    store.tab.value = next.name;
    list.current?.querySelector<HTMLElement>(`#tab-${next.name}`)?.focus();
  };
  const View = TABS.find(({ name }) => name === current)?.view ?? MeasurePanel;
  return (
    <section class="card panels" aria-label="Panels">
      <div class="tabs" role="tablist" aria-label="Panels" ref={list} onKeyDown={move}>
        {TABS.map(({ name, title }) => (
          <button
            key={name} type="button" role="tab" id={`tab-${name}`} aria-controls="tabpanel" aria-selected={name === current}
            tabIndex={name === current ? 0 : -1} onClick={() => (store.tab.value = name)}
          >
            {title}
            {name === "knobs" && store.pendingEdits.value.length > 0 && <i class="badge">{store.pendingEdits.value.length}</i>}
          </button>
        ))}
      </div>
      {store.notices.value.length > 0 && <p class="notice" role="note">{problemText(store.notices.value)}</p>}
      {store.claim.value && (
        <p class="notice" role="note" data-claim-run>
          The first run of a claim, to be judged at its end: {sentence(store.claim.value.text)} {store.claim.value.measure}, over all its
          runs: {store.claim.value.expected} expected.
        </p>
      )}
      {/* The key scrolls every panel to its top. */}
      <div key={current} class="tabpanel" role="tabpanel" id="tabpanel" aria-labelledby={`tab-${current}`} tabIndex={0}>
        <View />
      </div>
    </section>
  );
}
