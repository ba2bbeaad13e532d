/** The charts of the page: their lines, their data, their words. */
import { computed } from "@preact/signals";
import type uPlot from "uplot";
import { commandLabel } from "../panels/commands";
import * as store from "../store/store";
import { mean, percent } from "../ui/format";
import type { History } from "../wasm/ringside_wasm.js";
import { Chart } from "./Chart";
import type { Line, Mark } from "./plot";
import { connectedSentence, cumulative, DEFINITIONS, mix, rateSentence, recent, WINDOW } from "./rates";

const marks = computed((): Mark[] => {
  const perRound = store.run.value?.ticksPerRound ?? 1;
  return store.commands.value.map((command) => ({ round: command.at / perRound, label: commandLabel(command) }));
});

const EMPTY: uPlot.AlignedData = [[]];

function table(pick: (history: History) => (ArrayLike<number> | (number | null)[])[]): () => uPlot.AlignedData {
  const data = computed(() => {
    const history = store.history.value;
    return history ? ([history.round, ...pick(history)] as unknown as uPlot.AlignedData) : EMPTY;
  });
  return () => data.value;
}

const RATE_LINES: Line[] = [
  { label: "since the beginning", colour: "answer", width: 2.25, fill: true },
  { label: `last ${WINDOW} rounds`, colour: "accent", width: 1.25 },
];
const rateData = table((history) => {
  const definition = store.definition.value;
  return [cumulative(history, definition), recent(history, definition)];
});

export function AnswerChart() {
  const definition = store.definition.value;
  const history = store.history.value;
  return (
    <Chart
      testId="answer"
      title={`Answer rate: ${DEFINITIONS[definition].name}`}
      subtitle={DEFINITIONS[definition].formula}
      controls={<DefinitionChoice />}
      sentence={history ? rateSentence(history, definition) : "Nothing has been sent yet."}
      options={{ lines: RATE_LINES, height: 168, percent: true }}
      data={rateData()}
      marks={marks.value}
      format={percent}
    />
  );
}

function DefinitionChoice() {
  const options: store.Definition[] = ["share", "perQuery"];
  return (
    <div class="segmented small" role="radiogroup" aria-label="Definition of the Answer rate">
      {options.map((option) => (
        <label key={option} title={DEFINITIONS[option].formula}>
          <input
            type="radio" name="definition" value={option} checked={store.definition.value === option}
            onChange={() => (store.definition.value = option)}
          />
          <span>{option === "share" ? "of all" : "per Query"}</span>
        </label>
      ))}
    </div>
  );
}

const CONNECTED_LINES: Line[] = [
  { label: "most", colour: "connected", width: 1, dash: [4, 3] },
  { label: "mean", colour: "connected", width: 2.25 },
  { label: "fewest", colour: "muted", width: 1, dash: [4, 3] },
];
const connectedData = table((history) => [history.connected_max, history.connected_avg, history.connected_min]);

export function ConnectedChart() {
  const history = store.history.value;
  return (
    <Chart
      testId="connected"
      title="Connected peers a peer has"
      sentence={history ? connectedSentence(history) : "There are no samples yet."}
      options={{ lines: CONNECTED_LINES, height: 132, percent: false, bands: [{ from: 3, to: 1, colour: "connected", alpha: 0.1 }] }}
      data={connectedData()}
      marks={marks.value}
      format={(value) => mean(value ?? NaN)}
    />
  );
}

// Stacked from below; drawn from the top down, so that each area covers what is above the next.
const MIX_LINES: Line[] = [
  { label: "Goodbye", colour: "goodbye", width: 1 },
  { label: "Answer", colour: "answer", width: 1 },
  { label: "Invitation", colour: "invitation", width: 1 },
  { label: "Referral", colour: "referral", width: 1 },
  { label: "Query", colour: "query", width: 1 },
];
const mixData = table((history) => mix(history).reverse());
const mixShares = table((history) => {
  const [query = [], referral = [], invitation = [], answer = [], goodbye = []] = mix(history);
  const minus = (upper: (number | null)[], lower: (number | null)[]): (number | null)[] =>
    upper.map((value, i) => (value === null ? null : value - (lower[i] ?? 0)));
  return [minus(goodbye, answer), minus(answer, invitation), minus(invitation, referral), minus(referral, query), query];
});

export function MixChart() {
  return (
    <Chart
      testId="mix"
      title={`What is being sent, last ${WINDOW} rounds`}
      sentence="Shares of the five kinds of messages, stacked up to the whole."
      options={{
        lines: MIX_LINES, height: 120, percent: true, range: [0, 1],
        bands: [
          { from: 2, to: 1, colour: "goodbye", alpha: 0.5 },
          { from: 3, to: 2, colour: "answer", alpha: 0.5 },
          { from: 4, to: 3, colour: "invitation", alpha: 0.5 },
          { from: 5, to: 4, colour: "referral", alpha: 0.4 },
        ],
      }}
      data={mixData()}
      raw={mixShares()}
      marks={marks.value}
      format={percent}
    />
  );
}
