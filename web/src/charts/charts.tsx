/** Charts of the page: lines, data and texts. */
import { computed } from "@preact/signals";
import type uPlot from "uplot";
import { commandFlag } from "../commands/table";
import { MESSAGE_KINDS } from "../protocol/messageKinds";
import * as store from "../store/store";
import { mean, percent } from "../ui/format";
import { Figure } from "../panels/Figure";
import type { History } from "../wasm/ringside_wasm.js";
import { Chart } from "./Chart";
import type { Line, Mark } from "./plot";
import { connectedSentence, cumulative, DEFINITIONS, mix, rateSentence, recent, WINDOW } from "./rates";

/** Flags of the commands. */
export const marks = computed((): Mark[] => {
  const perRound = store.run.value?.ticksPerRound ?? 1;
  return store.commands.value.map((command) => ({ round: command.at / perRound, label: commandFlag(command) }));
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
  { label: "since the start", colour: "connected", width: 2.25, fill: true },
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
      lead={<Headline />}
      sentence={history ? rateSentence(history, definition) : "No message has been sent yet."}
      options={{ lines: RATE_LINES, height: 168, percent: true }}
      data={rateData()}
      marks={marks.value}
      format={percent}
    />
  );
}

/** Both definitions of the Answer rate, and beside them the harm that adversaries do, which they do not show. */
function Headline() {
  const now = store.metrics.value;
  if (!now) return null;
  const { threat } = now;
  return (
    <dl class="figures headline">
      <Figure name="of all messages" value={percent(now.answer_share)} title={DEFINITIONS.share.formula} />
      <Figure name="per Query" value={percent(now.answers_per_query)} title={DEFINITIONS.perQuery.formula} />
      {threat.adversaries > 0 && (
        <>
          <Figure name="captured by adversaries" value={percent(threat.captured)} title="Share of adversaries among the Connected peers of honest peers" />
          <Figure name="worst-hit victim" value={percent(threat.captured_max)} title="The same share for the honest peer with the highest one" />
          <Figure name="elections they won" value={percent(threat.elections_won)} title="Share of elections won by adversaries" />
        </>
      )}
    </dl>
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
  { label: "maximum", colour: "connected", width: 1, dash: [4, 3] },
  { label: "mean", colour: "connected", width: 2.25 },
  { label: "minimum", colour: "muted", width: 1, dash: [4, 3] },
];
const connectedData = table((history) => [history.connected_max, history.connected_avg, history.connected_min]);

export function ConnectedChart() {
  const history = store.history.value;
  return (
    <Chart
      testId="connected"
      title="Connected peers per peer"
      sentence={history ? connectedSentence(history) : "There are no samples yet."}
      options={{ lines: CONNECTED_LINES, height: 132, percent: false, bands: [{ from: 3, to: 1, colour: "connected", alpha: 0.1 }] }}
      data={connectedData()}
      marks={marks.value}
      format={(value) => mean(value ?? NaN)}
    />
  );
}

// Kinds are stacked from below and drawn from above, so that each area covers the space down to the next
// line.
const MIX_KINDS = [...MESSAGE_KINDS].reverse();
const MIX_LINES = MIX_KINDS.map(({ label, colour }): Line => ({ label, colour, width: 1 }));
const MIX_BANDS = MIX_KINDS.slice(0, -1).map(({ colour }, i) => ({ from: i + 2, to: i + 1, colour, alpha: 0.5 }));
const mixData = table((history) => mix(history).reverse());
const mixShares = table((history) => {
  const stacked = mix(history).reverse();
  return stacked.map((upper, i) => upper.map((value, at) => (value === null ? null : value - (stacked[i + 1]?.[at] ?? 0))));
});

export function MixChart() {
  return (
    <Chart
      testId="mix"
      title={`Messages by kind, last ${WINDOW} rounds`}
      sentence="Shares of the kinds of messages, stacked to 100 %."
      options={{ lines: MIX_LINES, height: 120, percent: true, range: [0, 1], bands: MIX_BANDS }}
      data={mixData()}
      raw={mixShares()}
      marks={marks.value}
      format={percent}
    />
  );
}
