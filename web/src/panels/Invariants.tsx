/**
 * Invariants tab and its summary beside the ring: status of the properties, schedule of the checks,
 * violations.
 */
import { hexOf, shortHex } from "../ring/ids";
import * as actions from "../store/actions";
import { KINDS, statusWord, summary, violations, type Violated } from "../store/invariants";
import * as store from "../store/store";
import type { PropertyState } from "../wasm/ringside_wasm.js";
import type { MonitorMode } from "../worker/workerMessages";
import { count, plural } from "../ui/format";
import { Icon, type IconName } from "../ui/Icon";

const MODES: { mode: MonitorMode; title: string; hint: string }[] = [
  { mode: "off", title: "Off", hint: "Not checked: no cost." },
  { mode: "sampled", title: "Sampled", hint: "Checked twice a second, using at most 5 % of the time. If each check takes more than a tenth of a second, press Check now." },
  {
    mode: "ticks", title: "Every tick",
    hint: "Checked after every active tick, so that a violation is found at its first tick. This slows down the run, a large one considerably.",
  },
];

/** Summary of all properties beside the ring, which opens the tab. */
export function InvariantsPill() {
  const { tone, text, detail } = summary.value;
  return (
    <button
      type="button" class={`pill ${tone}`} title={detail} data-invariants={tone} data-checks={store.inspection.value?.checks ?? 0}
      onClick={showPanel}
    >
      <Icon name={tone === "good" ? "check" : tone === "none" ? "unsure" : "close"} />
      <span>Invariants: {text}</span>
    </button>
  );
}

function showPanel(): void {
  store.tab.value = "invariants";
  const tab = document.getElementById("tab-invariants");
  tab?.scrollIntoView({ block: "nearest" });
  tab?.focus({ preventScroll: true });
}

export function InvariantsPanel() {
  const inspection = store.inspection.value;
  return (
    <>
      <section aria-label="Checks" class="checks">
        <div class="line">
          <h2>Invariants</h2>
          <div class="segmented small" role="radiogroup" aria-label="Frequency of checks">
            {MODES.map(({ mode, title }) => (
              <label key={mode}>
                <input type="radio" name="monitor" value={mode} checked={store.monitorMode.value === mode} onChange={() => actions.setMonitorMode(mode)} />
                <span>{title}</span>
              </label>
            ))}
          </div>
          <button type="button" onClick={actions.checkNow}>Check now</button>
        </div>
        <p class="hint">{MODES.find(({ mode }) => mode === store.monitorMode.value)?.hint} Checks do not change the run.</p>
        {inspection && (
          <p data-inspected={inspection.tick}>
            At tick {count(inspection.tick)}: {summary.value.detail}
            {store.monitorMode.value !== "off" && ` ${plural(inspection.checks, "check")} so far.`}
          </p>
        )}
      </section>
      {violations.value.length > 0 && (
        <section aria-label="Violations">
          <h2>Violated</h2>
          <ul class="properties">{violations.value.map((violation) => <Violation key={violation.id} violation={violation} />)}</ul>
        </section>
      )}
      {inspection && KINDS.map(({ kind, title, when }) => (
        <section key={kind} aria-label={title}>
          <h2>{title} <small class="hint">{when}</small></h2>
          <ul class="properties">
            {inspection.states.filter((state) => state.kind === kind).map((state) => <Row key={state.id} property={state} />)}
          </ul>
        </section>
      ))}
    </>
  );
}

function Violation({ violation }: { violation: Violated }) {
  const { id, tick, text, peers } = violation;
  const perRound = store.run.value?.ticksPerRound ?? 1;
  return (
    <li class="violation" data-violation={id} data-at={tick}>
      <p><Mark property={violation} /> <b>Tick {count(tick)}</b> <span>round {count(Math.floor(tick / perRound))}</span> <code>{id}</code></p>
      <p>{text}</p>
      <div class="line">
        <button type="button" onClick={() => void goToViolation(violation)}>Go to tick {count(tick)}</button>
        <button type="button" onClick={() => void shareAt(violation)}>Copy a link to it</button>
        <Peers ids={peers} />
      </div>
    </li>
  );
}

async function goToViolation({ tick, peers }: Violated): Promise<boolean> {
  store.marked.value = peers.map((id) => BigInt(`0x${id}`));
  return actions.goTo(tick);
}

async function shareAt(violation: Violated): Promise<void> {
  if (await goToViolation(violation)) await actions.share();
}

function Row({ property }: { property: PropertyState }) {
  return (
    <li data-property={property.id} data-state={property.state}>
      <p><Mark property={property} /> <b>{statusWord(property)}</b> <code>{property.id}</code></p>
      <p class="hint">{property.meaning}</p>
      {property.state === "awaited" && property.kind === "eventually" && (
        <div class="line"><span class="reason">{property.text}</span><Peers ids={property.peers} /></div>
      )}
    </li>
  );
}

/** Button that marks the peers concerned on the ring, or unmarks them. */
function Peers({ ids }: { ids: string[] }) {
  if (ids.length === 0) return null;
  const shown = store.marked.value.length === ids.length && store.marked.value.every((id, i) => hexOf(id) === ids[i]);
  return (
    <button
      type="button" class="chip" aria-pressed={shown} title={ids.join(" ")}
      onClick={() => (store.marked.value = shown ? [] : ids.map((id) => BigInt(`0x${id}`)))}
    >
      {ids.length === 1 ? shortHex(ids[0] ?? "") : plural(ids.length, "peer")} on the ring
    </button>
  );
}

const ICONS: Record<PropertyState["state"], IconName> = { holds: "check", violated: "close", awaited: "unsure" };
const TONES: Record<PropertyState["state"], string> = { holds: "reproduced", violated: "not-reproduced", awaited: "undecided" };

function Mark({ property }: { property: PropertyState }) {
  return <span class={`mark ${TONES[property.state]}`}><Icon name={ICONS[property.state]} /></span>;
}
