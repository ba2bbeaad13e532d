/** How peers changed their minds about others: the four standings, and arrows with how often each change happened. */
import { useSignal } from "@preact/signals";
import { causeWords, changes, changesSentence, STANDINGS, type Change } from "../charts/shape";
import { metrics } from "../store/store";
import { count } from "../ui/format";
import type { Standing } from "../wasm/ringside_wasm.js";

const WIDTH = 359;
const STEP = 95;
const LEFT = 37;
/** Half the width and height of a standing's box. */
const BOX = [35, 12] as const;
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export function Minds() {
  const table = useSignal(false);
  const transitions = metrics.value?.transitions ?? [];
  const arrows = changes(transitions);
  const above = room(arrows.map(({ from, to }) => to - from));
  const below = room(arrows.map(({ from, to }) => from - to));
  return (
    <figure class="chart" data-chart="minds">
      <div class="chart-head"><h2>How peers changed their minds</h2></div>
      <p class="subtitle">What a peer thinks of another, and how often that changed</p>
      <svg class="minds" viewBox={`0 ${-above} ${WIDTH} ${above + below}`} aria-hidden="true">
        {arrows.map((change) => <Arrow key={`${change.from}${change.to}`} {...change} />)}
        {STANDINGS.map(({ name, title, glyph }, i) => (
          <g key={name} class={`c-${glyph}`} transform={`translate(${LEFT + i * STEP} 0)`}>
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

/** How high an arc over so many steps is drawn: its handles, and itself. */
const rise = (steps: number): number => 8 + 22 * steps;
const apex = (steps: number): number => BOX[1] + 2 + 0.75 * rise(steps);

/** What the widest of the arcs on a side takes, with its number. */
function room(steps: number[]): number {
  const widest = Math.max(0, ...steps);
  return widest > 0 ? apex(widest) + 16 : BOX[1] + 4;
}

/** Forward over the boxes, back below them; the further, the higher. */
function Arrow({ from, to, count: times }: Change) {
  const side = to > from ? -1 : 1;
  const x = (place: number, shift: number): number => LEFT + place * STEP - side * shift;
  const [start, end] = [x(from, 11), x(to, -11)];
  const steps = Math.abs(to - from);
  const edge = side * (BOX[1] + 2);
  const handle = edge + side * rise(steps);
  const middle = (start + end) / 2;
  const tip = `M${end} ${edge}l-3.500 ${side * 6}h7z`;
  return (
    <g class={`c-${STANDINGS[to]?.glyph ?? "crashed"}`}>
      <path class="minds-arc" d={`M${start} ${edge}C${start} ${handle} ${end} ${handle} ${end} ${edge + side * 5}`} stroke-width={1 + 0.35 * Math.log10(times)} />
      <path d={tip} />
      <text x={middle} y={side * (apex(steps) + 4) + (side > 0 ? 8 : 0)}>{short.format(times)}</text>
    </g>
  );
}

const titleOf = (standing: Standing): string => STANDINGS.find(({ name }) => name === standing)?.title ?? standing;

function Causes() {
  return (
    <div class="table-wrap tight" role="region" aria-label="How peers changed their minds, as a table" tabIndex={0}>
      <table>
        <thead><tr>{["From", "To", "Cause", "Times"].map((head) => <th scope="col" key={head}>{head}</th>)}</tr></thead>
        <tbody>
          {metrics.value?.transitions.map(({ from, to, cause, count: times }) => (
            <tr key={from + to + cause}>
              <th scope="row">{titleOf(from)}</th>
              <td>{titleOf(to)}</td>
              <td>{causeWords(cause)}</td>
              <td>{count(times)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
