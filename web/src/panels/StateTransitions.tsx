/** Diagram of state changes between peers: four states, and arrows with the number of changes. */
import { useSignal } from "@preact/signals";
import { causeText, changes, changesSentence, STATES, type Change } from "../charts/transitions";
import { metrics } from "../store/store";
import { count } from "../ui/format";
import type { PeerStateKind } from "../wasm/ringside_wasm.js";

const WIDTH = 359;
const STEP = 95;
const LEFT = 37;
/** Half the width and height of a state's box. */
const BOX = [35, 12] as const;
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export function StateTransitions() {
  const table = useSignal(false);
  const transitions = metrics.value?.transitions ?? [];
  const arrows = changes(transitions);
  const above = heightOf(arrows.map(({ from, to }) => to - from));
  const below = heightOf(arrows.map(({ from, to }) => from - to));
  return (
    <figure class="chart" data-chart="transitions">
      <div class="chart-head"><h2>State changes between peers</h2></div>
      <p class="subtitle">State of a peer in the table of another, and the number of changes</p>
      <svg class="transitions" viewBox={`0 ${-above} ${WIDTH} ${above + below}`} aria-hidden="true">
        {arrows.map((change) => <Arrow key={`${change.from}${change.to}`} {...change} />)}
        {STATES.map(({ name, title, colour }, i) => (
          <g key={name} class={`c-${colour}`} transform={`translate(${LEFT + i * STEP} 0)`}>
            <rect x={-BOX[0]} y={-BOX[1]} width={2 * BOX[0]} height={2 * BOX[1]} rx="12" />
            <text y="4">{title}</text>
          </g>
        ))}
      </svg>
      <figcaption>
        <span>{changesSentence(transitions)}</span>
        <button type="button" class="link" aria-expanded={table.value} onClick={() => (table.value = !table.value)}>
          {table.value ? "Hide causes" : "Show causes"}
        </button>
      </figcaption>
      {table.value && <Causes />}
    </figure>
  );
}

/** Height of the control points of an arc over a number of steps, and of its apex. */
const rise = (steps: number): number => 8 + 22 * steps;
const apex = (steps: number): number => BOX[1] + 2 + 0.75 * rise(steps);

/** Height of the widest arc of one side with its label. */
function heightOf(steps: number[]): number {
  const widest = Math.max(0, ...steps);
  return widest > 0 ? apex(widest) + 16 : BOX[1] + 4;
}

/** Arrow above the boxes for progress, below them for regress; the more steps, the higher. */
function Arrow({ from, to, count: times }: Change) {
  const side = to > from ? -1 : 1;
  const x = (index: number, shift: number): number => LEFT + index * STEP - side * shift;
  const [start, end] = [x(from, 11), x(to, -11)];
  const steps = Math.abs(to - from);
  const edge = side * (BOX[1] + 2);
  const handle = edge + side * rise(steps);
  const middle = (start + end) / 2;
  const tip = `M${end} ${edge}l-3.500 ${side * 6}h7z`;
  return (
    <g class={`c-${STATES[to]?.colour ?? "crashed"}`}>
      <path class="transitions-arc" d={`M${start} ${edge}C${start} ${handle} ${end} ${handle} ${end} ${edge + side * 5}`} stroke-width={1 + 0.35 * Math.log10(times)} />
      <path d={tip} />
      <text x={middle} y={side * (apex(steps) + 4) + (side > 0 ? 8 : 0)}>{short.format(times)}</text>
    </g>
  );
}

const titleOf = (kind: PeerStateKind): string => STATES.find(({ name }) => name === kind)?.title ?? kind;

function Causes() {
  return (
    <div class="table-wrap tight" role="region" aria-label="State changes between peers, as a table" tabIndex={0}>
      <table>
        <thead><tr>{["From", "To", "Cause", "Count"].map((head) => <th scope="col" key={head}>{head}</th>)}</tr></thead>
        <tbody>
          {metrics.value?.transitions.map(({ from, to, cause, count: times }) => (
            <tr key={from + to + cause}>
              <th scope="row">{titleOf(from)}</th>
              <td>{titleOf(to)}</td>
              <td>{causeText(cause)}</td>
              <td>{count(times)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
