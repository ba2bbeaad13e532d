/** Every knob of the core's table, by section; those that matter most come without a click, those that are changed with one. */
import { useSignal } from "@preact/signals";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { plural } from "../ui/format";
import type { Knob } from "../wasm/ringside_wasm.js";
import { KnobRow } from "./KnobRow";
import { bySection, changesOf, findKnobs, SECTIONS, type Change } from "./knobs";

/** Those that change the picture most, shown without a click where the core has them. */
const TELLING = [
  "genesis.peers", "genesis.topology", "tokens.coverage", "election.per_round", "election.consensus_threshold",
  "peers.invitations_per_round", "network.loss", "churn.arrivals", "adversary.share",
];

export function KnobsPanel() {
  const wanted = useSignal("");
  const all = store.knobs.value;
  const changes = changesOf(all, store.edits.value, store.run.value?.baseline ?? []);
  const found = findKnobs(all, wanted.value);
  const isLooking = wanted.value.trim() !== "";
  const telling = TELLING.flatMap((path) => all.filter((knob) => knob.path === path));
  const waiting = store.waiting.value.length;
  return (
    <>
      <div class="knobs-head">
        <input
          type="search" placeholder={`Search ${all.length} knobs`} aria-label="Search knobs" value={wanted.value}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
        <button type="button" class={waiting > 0 ? "primary" : ""} disabled={waiting === 0} onClick={() => actions.restart()}>
          Restart{waiting > 0 ? ` with ${plural(waiting, "change")}` : ""}
        </button>
      </div>
      {isLooking && <p class="hint" role="status">{found.length === 0 ? "No knob is called that." : `${plural(found.length, "knob")} of ${all.length}.`}</p>}
      {!isLooking && changes.length > 0 && <Changed changes={changes} />}
      {!isLooking && telling.length > 0 && (
        <section aria-label="The most telling knobs">
          {telling.map((knob) => <KnobRow key={knob.path} knob={knob} place="telling" />)}
        </section>
      )}
      <div class="sections">
        {bySection(found).map(([section, knobs]) => (
          // The key has them open anew for a search, and closed as they were after it.
          <Section key={`${section}${isLooking ? " found" : ""}`} name={section} knobs={knobs} changes={changes} open={isLooking} />
        ))}
      </div>
    </>
  );
}

/** What differs from the preset, together, with one way back for all of it. */
function Changed({ changes }: { changes: Change[] }) {
  const preset = store.presets.value.find(({ name }) => name === store.run.value?.preset)?.title ?? "the preset";
  return (
    <details class="section changed-knobs" data-changed={changes.length}>
      <summary>
        <span>{plural(changes.length, "change")} <small>from {preset}</small></span>
      </summary>
      {changes.map(({ knob }) => <KnobRow key={knob.path} knob={knob} place="changed" />)}
      <div class="line">
        <button type="button" onClick={() => changes.forEach(({ knob, base }) => actions.setKnob(knob.path, base))}>Reset all</button>
      </div>
    </details>
  );
}

function Section({ name, knobs, changes, open }: { name: string; knobs: Knob[]; changes: Change[]; open: boolean }) {
  const here = changes.filter(({ knob }) => knobs.includes(knob)).length;
  return (
    <details class="section" open={open} data-section={name}>
      <summary>
        <span>{name.replaceAll("_", " ")} <small>{SECTIONS[name]}</small></span>
        {here > 0 && <i class="badge" title={`${plural(here, "knob")} differ from the preset`}>{here}</i>}
        <span class="hint">{knobs.length}</span>
      </summary>
      {knobs.map((knob) => <KnobRow key={knob.path} knob={knob} place="section" />)}
    </details>
  );
}
