/** Every knob of the core's table, by section; those that are changed or matter most come without a click. */
import { useSignal } from "@preact/signals";
import * as actions from "../store/actions";
import { splitPath } from "../store/scenario";
import * as store from "../store/store";
import { plural } from "../ui/format";
import type { Knob } from "../wasm/ringside_wasm.js";
import { KnobRow, nameOf } from "./KnobRow";

/** Those that change the picture most, shown without a click where the core has them. */
const TELLING = [
  "genesis.peers", "genesis.topology", "tokens.coverage", "election.per_round", "election.consensus_threshold",
  "peers.invitations_per_round", "network.loss",
];

export function KnobsPanel() {
  const wanted = useSignal("");
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = store.knobs.value.filter((knob) => matches(knob, words));
  const sections = bySection(found);
  const telling = TELLING.flatMap((path) => found.filter((knob) => knob.path === path));
  const waiting = store.waiting.value.length;
  return (
    <>
      <div class="knobs-head">
        <input
          type="search" placeholder="Search knobs" aria-label="Search knobs" value={wanted.value}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
        <button type="button" class={waiting > 0 ? "primary" : ""} disabled={waiting === 0} onClick={() => actions.restart()}>
          Restart{waiting > 0 ? ` with ${plural(waiting, "change")}` : ""}
        </button>
      </div>
      {sections.length === 0 && <p class="hint">No knob is called that.</p>}
      {words.length === 0 && telling.length > 0 && (
        <section aria-label="The most telling knobs">
          {telling.map((knob) => <KnobRow key={knob.path} knob={knob} place="telling" />)}
        </section>
      )}
      {sections.map(([section, knobs]) => (
        <details key={section} class="section" open={words.length > 0}>
          <summary>
            <span>{section.replaceAll("_", " ")}</span>
            <span class="hint">{knobs.length}{knobs.some(isChanged) ? " · changed" : ""}</span>
          </summary>
          {knobs.map((knob) => <KnobRow key={knob.path} knob={knob} place="section" />)}
        </details>
      ))}
    </>
  );
}

function isChanged(knob: Knob): boolean {
  const base = store.run.value?.baseline.find(({ path }) => path === knob.path)?.value;
  return base !== undefined && base !== (store.edits.value.get(knob.path) ?? knob.value);
}

function matches(knob: Knob, words: string[]): boolean {
  const text = `${knob.path} ${nameOf(knob)} ${knob.meaning} ${knob.unit}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function bySection(knobs: Knob[]): [string, Knob[]][] {
  const sections = new Map<string, Knob[]>();
  for (const knob of knobs) {
    const [section] = splitPath(knob.path);
    sections.set(section, [...(sections.get(section) ?? []), knob]);
  }
  return [...sections];
}
