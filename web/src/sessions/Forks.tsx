/** Forks: each chain as a lane over time, as thick as it has hosts. */
import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count, plural } from "../ui/format";
import { durationText } from "./bars";
import { laneText, lanesOf, movesOf, sentenceOf, shownOf, type Lane, type Move } from "./branches";
import { tickMs } from "./time";
import "../studies/studies.css";
import "./forks.css";

/** Lanes and moves shown at most. */
const LANES = 12;
const LISTED = 12;
/** Size of the picture in units of its own; a lane has a height of its own. */
const WIDTH = 320;
const LANE = 20;
const THINNEST = 2;

const picture = computed(() => {
  const rows = store.forks.value;
  const now = store.metrics.value?.tick ?? 0;
  if (!rows) return null;
  const all = lanesOf(rows, now);
  const lanes = shownOf(all, LANES);
  const most = Math.max(1, ...lanes.flatMap(({ stretches }) => stretches.map(({ hosts }) => hosts)));
  return { all, lanes, moves: movesOf(rows), most, range: [Math.min(...all.map(({ begin }) => begin)), Math.max(1, now)] as const };
});

export function Forks() {
  useEffect(() => subscribe("forks"), []);
  const shown = picture.value;
  if (!shown) return null;
  const { all, lanes, moves, range: [from, to] } = shown;
  const time = (tick: number): string => durationText(tick * tickMs());
  const rest = all.length > lanes.length ? ` ${count(lanes.length)} of ${count(all.length)} chains are shown.` : "";
  return (
    <figure class="chart" data-chart="forks" data-chains={all.length} data-used={all.filter(({ hosts }) => hosts > 0).length} data-moves={moves.length}>
      <div class="chart-head"><h2>Chains that fork</h2></div>
      <p class="subtitle">A lane is a chain, time goes to the right, and a lane is as thick as it has hosts</p>
      <ul class="legend" aria-label="Marks">
        <li><i class="swatch filled c-connected" />hosts on the chain</li>
        <li><svg class="key strip" viewBox="0 0 10 10" aria-hidden="true"><circle class="f-ink" cx="5" cy="5" r="3" /></svg>begins at a fork</li>
        <li><svg class="key strip" viewBox="0 0 10 10" aria-hidden="true"><path class="fork-move" d="M5 0V10" /></svg>hosts go over</li>
      </ul>
      <div class="forks-plot">
        <ol class="fork-names" aria-hidden="true">{lanes.map(({ name }) => <li key={name}>chain {name}</li>)}</ol>
        <svg class="strip" viewBox={`0 0 ${WIDTH} ${lanes.length * LANE}`} preserveAspectRatio="none" style={{ height: `${lanes.length * LANE}px` }} role="img" aria-label={`Chains by time. ${sentenceOf(all, moves)}`}>
          <Lanes lanes={lanes} moves={moves} most={shown.most} range={[from, to]} />
        </svg>
        <ol class="fork-names" aria-hidden="true">{lanes.map(({ name, hosts }) => <li key={name}>{plural(hosts, "host")}</li>)}</ol>
        <div class="forks-axis" aria-hidden="true"><span>{time(from)}</span><span>{time(to)}</span></div>
      </div>
      <details>
        <summary>Chains and replacements as text</summary>
        <ol class="fork-text" aria-label="Chains">{lanes.map((lane) => <li key={lane.name}>{laneText(lane)}</li>)}</ol>
        <ol class="fork-text" aria-label="Replacements">
          {moves.slice(-LISTED).map(({ tick, from, to, hosts, depth }) => (
            <li key={`${tick}-${from}-${to}`}><span>{time(tick)}</span> {plural(hosts, "host")} from chain {from} to chain {to}, {plural(depth, "block")} replaced</li>
          ))}
        </ol>
      </details>
      <figcaption><span>{sentenceOf(all, moves)}{rest}</span></figcaption>
    </figure>
  );
}

function Lanes({ lanes, moves, most, range: [from, to] }: { lanes: Lane[]; moves: Move[]; most: number; range: [number, number] }) {
  const x = (tick: number): number => ((tick - from) / Math.max(1, to - from)) * WIDTH;
  const row = (name: number): number => lanes.findIndex((lane) => lane.name === name);
  const y = (name: number): number => (row(name) + 0.5) * LANE;
  const thickness = (hosts: number): number => Math.max(THINNEST, (hosts / most) * (LANE - 4));
  const isShown = (name: number): boolean => row(name) >= 0;
  return (
    <>
      {lanes.map(({ name, fork, begin, stretches }) => (
        <g key={name}>
          <path class="fork-line" d={`M${x(begin)} ${y(name)}H${WIDTH}`} />
          {fork && isShown(fork.name) && <path class="fork-line" d={`M${x(begin)} ${y(fork.name)}V${y(name)}`} />}
          {stretches.map(({ from, to, hosts }) => (
            <rect key={from} class="f-connected" x={x(from)} y={y(name) - thickness(hosts) / 2} width={Math.max(0.5, x(to) - x(from))} height={thickness(hosts)} />
          ))}
          {fork && <ellipse class="f-ink" cx={x(begin)} cy={y(name)} rx="2" ry="3" />}
        </g>
      ))}
      {moves.filter((move) => isShown(move.from) && isShown(move.to)).map(({ tick, from, to }) => (
        <path key={`${tick}-${from}-${to}`} class="fork-move" d={`M${x(tick)} ${y(from)}V${y(to)}`} />
      ))}
    </>
  );
}
