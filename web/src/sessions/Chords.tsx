/** Sessions as chords on the ring, with their legend. */
import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { currentRing } from "../panels/currentRing";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count } from "../ui/format";
import { CHORDS_MAX, CHORD_STATES, chordsOf, drawChords, shownOf, type ChordState } from "./chords";

const chords = computed(() => (store.sessions.value ? chordsOf(store.sessions.value) : []));
const shown = computed(() => shownOf(chords.value, store.selected.value));

export default function Chords() {
  useEffect(() => subscribe("sessions"), []);
  const ring = currentRing.value;
  const drawn = shown.value;
  useEffect(() => ring?.setBehind((ctx, scene) => drawChords(ctx, scene, drawn)), [ring, drawn]);
  useEffect(() => () => ring?.setBehind(null), [ring]);
  const counts = new Map<ChordState["name"], number>();
  for (const { state } of chords.value) counts.set(state, (counts.get(state) ?? 0) + 1);
  return (
    <ul aria-label="Pairs of hosts by the state of their session" data-chords={drawn.length}>
      {CHORD_STATES.filter(({ name }) => name === "open" || counts.has(name)).map(({ name, label, title, colour, dash, width }) => (
        <li key={name} title={title}>
          <svg class={`glyph c-${colour}`} viewBox="0 0 14 14" aria-hidden="true">
            <path class="hollow" d="M1 12.500Q3 3 13 1.500" style={{ strokeDasharray: dash.join(" "), strokeWidth: width }} />
          </svg>
          <span>{label}</span>
          <output data-count={`chord-${name}`} data-value={counts.get(name) ?? 0}>{count(counts.get(name) ?? 0)}</output>
        </li>
      ))}
      {chords.value.length > CHORDS_MAX && <li class="limit">More pairs than can be told apart: those of the selected peer are drawn</li>}
    </ul>
  );
}
