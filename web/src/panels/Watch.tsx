/** What must hold of the run: how it stands, how often that is looked at, and where it does not hold. */
import { hexOf, shortHex } from "../ring/ids";
import * as actions from "../store/actions";
import { KINDS, summary, violations, word, type Violated } from "../store/invariants";
import * as store from "../store/store";
import type { PropertyState } from "../wasm/ringside_wasm.js";
import type { Looking } from "../worker/protocol";
import { count, plural } from "../ui/format";
import { Icon, type IconName } from "../ui/Icon";

const RATES: { looking: Looking; title: string; hint: string }[] = [
  { looking: "off", title: "Off", hint: "Nobody looks: that costs nothing." },
  { looking: "sampled", title: "Sampled", hint: "Looked at twice a second, or less often: a twentieth of the time at most. Where one look would take longer than a tenth of a second, press Look now." },
  {
    looking: "ticks", title: "Every tick",
    hint: "Looked at after every tick in which something happens, so that a violation is found at the first bad tick. That slows a run down, a large one by far.",
  },
];

/** The state of all properties in a few words, beside the ring; it leads to the panel. */
export function WatchPill() {
  const { tone, text, detail } = summary.value;
  return (
    <button
      type="button" class={`pill ${tone}`} title={detail} data-invariants={tone} data-looks={store.inspection.value?.looks ?? 0}
      onClick={showPanel}
    >
      <Icon name={tone === "good" ? "check" : tone === "bad" ? "close" : "unsure"} />
      <span>Invariants: {text}</span>
    </button>
  );
}

function showPanel(): void {
  store.tab.value = "watch";
  const tab = document.getElementById("tab-watch");
  tab?.scrollIntoView({ block: "nearest" });
  tab?.focus({ preventScroll: true });
}

export function WatchPanel() {
  const seen = store.inspection.value;
  return (
    <>
      <section aria-label="Looking" class="looking">
        <div class="line">
          <h2>What must hold</h2>
          <div class="segmented small" role="radiogroup" aria-label="How often it is looked at">
            {RATES.map(({ looking, title }) => (
              <label key={looking}>
                <input type="radio" name="looking" value={looking} checked={store.looking.value === looking} onChange={() => actions.setLooking(looking)} />
                <span>{title}</span>
              </label>
            ))}
          </div>
          <button type="button" onClick={actions.lookNow}>Look now</button>
        </div>
        <p class="hint">{RATES.find(({ looking }) => looking === store.looking.value)?.hint} Looking changes nothing about a run.</p>
        {seen && (
          <p data-inspected={seen.tick}>
            At tick {count(seen.tick)}: {summary.value.detail}
            {store.looking.value !== "off" && ` Looked ${plural(seen.looks, "time")}.`}
          </p>
        )}
      </section>
      {violations.value.length > 0 && (
        <section aria-label="Violations">
          <h2>Violated</h2>
          <ul class="properties">{violations.value.map((violation) => <Violation key={violation.id} violation={violation} />)}</ul>
        </section>
      )}
      {seen && KINDS.map(({ kind, title, when }) => (
        <section key={kind} aria-label={title}>
          <h2>{title} <small class="hint">{when}</small></h2>
          <ul class="properties">
            {seen.states.filter((state) => state.kind === kind).map((state) => <Row key={state.id} property={state} />)}
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
        <button type="button" onClick={() => void show(violation)}>Go to tick {count(tick)}</button>
        <button type="button" onClick={() => void shareAt(violation)}>Copy a link to it</button>
        <Peers ids={peers} />
      </div>
    </li>
  );
}

async function show({ tick, peers }: Violated): Promise<boolean> {
  store.marked.value = peers.map((id) => BigInt(`0x${id}`));
  return actions.goTo(tick);
}

async function shareAt(violation: Violated): Promise<void> {
  if (await show(violation)) await actions.share();
}

function Row({ property }: { property: PropertyState }) {
  return (
    <li data-property={property.id} data-state={property.state}>
      <p><Mark property={property} /> <b>{word(property)}</b> <code>{property.id}</code></p>
      <p class="hint">{property.meaning}</p>
      {property.state === "awaited" && property.kind === "eventually" && (
        <div class="line"><span class="reason">{property.text}</span><Peers ids={property.peers} /></div>
      )}
    </li>
  );
}

/** The peers that something is said about; a press shows them on the ring, another lets go of them. */
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
