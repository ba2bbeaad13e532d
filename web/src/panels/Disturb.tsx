/** What a person may do to a running world, and a log of what was done. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { Picker } from "../disturb/Picker";
import { hexOf, idAtTurn, shortHex, turnOf } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { inWords } from "../store/words";
import { count } from "../ui/format";
import { Glyph, type GlyphName } from "../ui/Glyph";
import type { Command } from "../wasm/ringside_wasm.js";
import { commandText } from "./commands";
import { KnobRow } from "./KnobRow";

export function DisturbPanel() {
  return (
    <>
      <Peers />
      <Cut />
      <Picker />
      <Weather />
      <Log />
    </>
  );
}

function Peers() {
  const joining = useSignal(1);
  const id = store.selected.value;
  const whom = id === null ? "a random peer" : `${shortHex(hexOf(id))}…`;
  const idle = !store.run.value;
  return (
    <section aria-label="Peers">
      <h2>Peers</h2>
      <div class="line">
        <label class="inline">
          <input
            type="number" min={1} max={10000} value={joining.value}
            onInput={(event) => (joining.value = Math.max(1, Math.round(event.currentTarget.valueAsNumber) || 1))}
          />
          <span class="unseen">How many peers join</span>
        </label>
        <button type="button" disabled={idle} onClick={() => actions.inject({ kind: "join", count: joining.value })}>Join</button>
        <span class="divider" />
        <button type="button" disabled={idle} onClick={() => actions.injectPeer("crash")}>Crash</button>
        <button type="button" disabled={idle} onClick={() => actions.injectPeer("return")}>Return</button>
        <button type="button" disabled={idle} onClick={() => actions.injectPeer("leave")}>Leave</button>
      </div>
      <p class="hint">Crash, Return and Leave concern {whom}; select a peer on the ring to choose.</p>
    </section>
  );
}

function Cut() {
  const from = useSignal(0.25);
  const width = useSignal(0.5);
  const show = useSignal(false);
  useSignalEffect(() => {
    store.preview.value = show.value ? { from: from.value, to: (from.value + width.value) % 1 } : null;
  });
  const idle = !store.run.value;
  const id = store.selected.value;
  const slider = (name: string, value: typeof from, min: number, max: number, text: string) => (
    <label class="slider">
      <span>{name}</span>
      <input
        type="range" min={min} max={max} step={0.005} value={value.value}
        onInput={(event) => (value.value = event.currentTarget.valueAsNumber)}
        onFocus={() => (show.value = true)} onBlur={() => (show.value = false)}
        onPointerEnter={() => (show.value = true)} onPointerLeave={() => (show.value = false)}
      />
      <output>{text}</output>
    </label>
  );
  return (
    <section aria-label="Partition">
      <h2>Partition</h2>
      {slider("begins at", from, 0, 0.995, `${shortHex(hexOf(idAtTurn(from.value)))}…`)}
      {slider("width", width, 0.05, 0.95, `${Math.round(width.value * 100)} %`)}
      <div class="line">
        <button type="button" class="danger" disabled={idle} onClick={() => actions.cut(from.value, width.value)}>Cut the ring</button>
        <button type="button" disabled={idle} onClick={actions.heal}>Heal</button>
        <button
          type="button" disabled={idle || id === null} title="Begin the arc at the selected peer"
          onClick={() => {
            if (id === null) return;
            from.value = turnOf(id);
            actions.cut(from.value, width.value);
          }}
        >
          Cut at the selected peer
        </button>
      </div>
      <p class="hint">Messages between the two arcs are dropped until the ring is healed.</p>
    </section>
  );
}

/** What disturbs most, and needs no click. */
const FIRST = ["network.loss", "network.delay", "network.latency_max"];

/** The knobs of the network that can be turned while the world runs. */
function Weather() {
  const knobs = store.knobs.value.filter((knob) => knob.live && knob.path.startsWith("network."));
  const first = knobs.filter(({ path }) => FIRST.includes(path));
  const rest = knobs.filter(({ path }) => !FIRST.includes(path));
  if (knobs.length === 0) return null;
  return (
    <section aria-label="Links">
      <h2>Links</h2>
      {first.map((knob) => <KnobRow key={knob.path} knob={knob} place="weather" />)}
      <details class="section">
        <summary><span>More about links <small>duplicates, bandwidth, regions and others</small></span><span class="hint">{rest.length}</span></summary>
        {rest.map((knob) => <KnobRow key={knob.path} knob={knob} place="weather" />)}
      </details>
    </section>
  );
}

function Log() {
  const run = store.run.value;
  const tick = store.metrics.value?.tick ?? 0;
  const entries = store.commands.value.slice(-60).reverse();
  return (
    <section aria-label="Log of commands">
      <h2>Log</h2>
      {store.refused.value.map((refusal) => (
        <p class="refused" key={refusal.path}>Tick {count(refusal.tick)}: {inWords([refusal])}</p>
      ))}
      {entries.length === 0 ? (
        <p class="hint">Nothing has been done to this world yet.</p>
      ) : (
        <ol class="log" data-entries={store.commands.value.length}>
          {entries.map((entry, i) => (
            <li key={entries.length - i} class={entry.at > tick ? "future" : ""}>
              <span class="when" title={`round ${count(Math.floor(entry.at / (run?.ticksPerRound ?? 1)))}`}>tick {count(entry.at)}</span>
              <Mark kind={entry.kind} />
              <span>{commandText(entry)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The marks that commands leave on the ring. */
const MARKS: Partial<Record<Command["kind"], GlyphName>> = {
  crash: "crashed", expire: "crashed", pause: "paused", corrupt: "adversary", "corrupt-share": "adversary", sybils: "adversary",
};

function Mark({ kind }: { kind: Command["kind"] }) {
  const name = MARKS[kind];
  return name ? <Glyph name={name} /> : null;
}
