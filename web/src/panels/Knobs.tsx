/** Knobs tab: all knobs by section, with the main ones and the changed ones first. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { plural } from "../ui/format";
import type { Knob } from "../wasm/ringside_wasm.js";
import { KnobRow } from "./KnobRow";
import { bySection, changesOf, findKnobs, SECTIONS, type Change } from "./knobs";

/** Knobs with the largest effects, shown without a click. */
const MAIN_KNOBS = [
  "genesis.peers", "genesis.topology", "tokens.coverage", "election.per_round", "election.consensus_threshold",
  "peers.invitations_per_round", "network.loss", "churn.arrivals", "adversary.share",
];

export default function KnobsPanel() {
  const query = useSignal("");
  const all = store.knobs.value;
  const changes = changesOf(all, store.edits.value, store.run.value?.baseline ?? []);
  const found = findKnobs(all, query.value);
  const isSearching = query.value.trim() !== "";
  const shown = useFrameByFrame(isSearching ? found.length : 0, query.value);
  const main = MAIN_KNOBS.flatMap((path) => all.filter((knob) => knob.path === path));
  const pending = store.pendingEdits.value.length;
  return (
    <>
      <div class="knobs-head">
        <input
          type="search" placeholder={`Search ${all.length} knobs`} aria-label="Search knobs" value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
        />
        <button type="button" class={pending > 0 ? "primary" : ""} disabled={pending === 0} onClick={() => actions.restart()}>
          Restart{pending > 0 ? ` with ${plural(pending, "change")}` : ""}
        </button>
      </div>
      {isSearching && <p class="hint" role="status">{found.length === 0 ? "No knob matches." : `${plural(found.length, "knob")} of ${all.length}.`}</p>}
      {!isSearching && changes.length > 0 && <Changed changes={changes} />}
      {!isSearching && main.length > 0 && (
        <section aria-label="Main knobs">
          {main.map((knob) => <KnobRow key={knob.path} knob={knob} list="main" />)}
        </section>
      )}
      <div class="sections">
        {bySection(isSearching ? found.slice(0, shown) : all).map(([section, knobs]) => (
          // The key resets the sections for a search, and again after it.
          <Section key={`${section}${isSearching ? " found" : ""}`} name={section} knobs={knobs} changes={changes} open={isSearching} />
        ))}
      </div>
    </>
  );
}

/** Knobs that differ from the preset, with a button that resets all of them. */
function Changed({ changes }: { changes: Change[] }) {
  const preset = store.presets.value.find(({ name }) => name === store.run.value?.preset)?.title ?? "the preset";
  return (
    <details class="section changed-knobs" data-changed={changes.length}>
      <summary>
        <span>{plural(changes.length, "change")} <small>from {preset}</small></span>
      </summary>
      {changes.map(({ knob }) => <KnobRow key={knob.path} knob={knob} list="changed" />)}
      <div class="line">
        <button type="button" onClick={() => changes.forEach(({ knob, base }) => actions.setKnob(knob.path, base))}>Reset all</button>
      </div>
    </details>
  );
}

/** Section whose rows exist once it has been open: rows of all sections at once would hold up a frame. */
function Section({ name, knobs, changes, open }: { name: string; knobs: Knob[]; changes: Change[]; open: boolean }) {
  const here = changes.filter(({ knob }) => knobs.includes(knob)).length;
  const wasOpen = useSignal(open);
  const shown = useFrameByFrame(wasOpen.value ? knobs.length : 0, name);
  return (
    <details class="section" open={open} data-section={name} onToggle={() => (wasOpen.value = true)}>
      <summary>
        <span>{name.replaceAll("_", " ")} <small>{SECTIONS[name]}</small></span>
        {here > 0 && <i class="badge" title={`${plural(here, "knob")} differ from the preset`}>{here}</i>}
        <span class="hint">{knobs.length}</span>
      </summary>
      {knobs.slice(0, shown).map((knob) => <KnobRow key={knob.path} knob={knob} list="section" />)}
    </details>
  );
}

/** Rows added in a frame: they take about a third of it. */
const ROWS_PER_FRAME = 16;

/** How many of `total` rows to show now: some more in each frame, starting again when `subject` changes. */
function useFrameByFrame(total: number, subject: string): number {
  const progress = useSignal({ subject, rows: ROWS_PER_FRAME });
  const rows = progress.value.subject === subject ? progress.value.rows : ROWS_PER_FRAME;
  useEffect(() => {
    if (rows >= total) return undefined;
    const frame = requestAnimationFrame(() => (progress.value = { subject, rows: rows + ROWS_PER_FRAME }));
    return () => cancelAnimationFrame(frame);
  }, [rows, total, subject]);
  return Math.min(rows, total);
}
