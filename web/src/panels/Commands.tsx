/** Commands tab: interventions in the running world, and their log. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { CommandPicker } from "../commands/CommandPicker";
import { commandGlyph, commandText } from "../commands/table";
import { hexOf, idAtPosition, shortHex, positionOf } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { problemText } from "../store/text";
import { count } from "../ui/format";
import { Glyph } from "../ui/Glyph";
import type { Command } from "../wasm/ringside_wasm.js";
import { KnobRow } from "./KnobRow";

export default function CommandsPanel() {
  return (
    <>
      <Peers />
      <Partition />
      <CommandPicker />
      <LinkSettings />
      <Log />
    </>
  );
}

function Peers() {
  const joining = useSignal(1);
  const id = store.selected.value;
  const target = id === null ? "a random peer" : `${shortHex(hexOf(id))}…`;
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
          <span class="unseen">Number of peers that join</span>
        </label>
        <button type="button" disabled={idle} onClick={() => actions.inject({ kind: "join", count: joining.value })}>Join</button>
        <span class="divider" />
        <button type="button" disabled={idle} onClick={() => actions.injectPeer("crash")}>Crash</button>
        <button type="button" disabled={idle} onClick={() => actions.injectPeer("return")}>Return</button>
        <button type="button" disabled={idle} onClick={() => actions.injectPeer("leave")}>Leave</button>
      </div>
      <p class="hint">Crash, Return and Leave apply to {target}; select a peer on the ring to choose one.</p>
    </section>
  );
}

function Partition() {
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
      {slider("start", from, 0, 0.995, `${shortHex(hexOf(idAtPosition(from.value)))}…`)}
      {slider("width", width, 0.05, 0.95, `${Math.round(width.value * 100)} %`)}
      <div class="line">
        <button type="button" class="danger" disabled={idle} onClick={() => actions.cut(from.value, width.value)}>Cut the ring</button>
        <button type="button" disabled={idle} onClick={actions.heal}>Heal</button>
        <button
          type="button" disabled={idle || id === null} title="Start the arc at the selected peer"
          onClick={() => {
            if (id === null) return;
            from.value = positionOf(id);
            actions.cut(from.value, width.value);
          }}
        >
          Cut at the selected peer
        </button>
      </div>
      <p class="hint">Messages between the arc and the rest of the ring are dropped until it is healed.</p>
    </section>
  );
}

/** Knobs that are shown without a click. */
const MAIN_KNOBS = ["network.loss", "network.delay", "network.latency_max"];

/** Knobs of the network that can change while the world runs. */
function LinkSettings() {
  const knobs = store.knobs.value.filter((knob) => knob.live && knob.path.startsWith("network."));
  const first = knobs.filter(({ path }) => MAIN_KNOBS.includes(path));
  const rest = knobs.filter(({ path }) => !MAIN_KNOBS.includes(path));
  if (knobs.length === 0) return null;
  return (
    <section aria-label="Links">
      <h2>Links</h2>
      {first.map((knob) => <KnobRow key={knob.path} knob={knob} list="links" />)}
      <details class="section">
        <summary><span>More settings <small>duplicates, bandwidth, regions and others</small></span><span class="hint">{rest.length}</span></summary>
        {rest.map((knob) => <KnobRow key={knob.path} knob={knob} list="links" />)}
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
        <p class="refused" key={refusal.path}>Tick {count(refusal.tick)}: {problemText([refusal])}</p>
      ))}
      {entries.length === 0 ? (
        <p class="hint">No command has been given yet.</p>
      ) : (
        <ol class="log" data-entries={store.commands.value.length}>
          {entries.map((entry, i) => (
            <li key={entries.length - i} class={entry.at > tick ? "future" : ""}>
              <span class="when" title={`round ${count(Math.floor(entry.at / (run?.ticksPerRound ?? 1)))}`}>tick {count(entry.at)}</span>
              <LogGlyph kind={entry.kind} />
              <span>{commandText(entry)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function LogGlyph({ kind }: { kind: Command["kind"] }) {
  const name = commandGlyph(kind);
  return name ? <Glyph name={name} /> : null;
}
