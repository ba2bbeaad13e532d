/** Shape of the graph of connections: agreement with the design, figures, and distributions. */
import { useEffect } from "preact/hooks";
import { Bars } from "../charts/Bars";
import { facts, fitSentence, gaussian, trimmed, type Fact } from "../charts/graphShape";
import { metrics, shape } from "../store/store";
import { subscribe } from "../store/workerClient";
import { count, mean, percent } from "../ui/format";
import type { Shape } from "../wasm/ringside_wasm.js";
import { Figure } from "./Figure";

export function GraphShape() {
  useEffect(() => subscribe("shape"), []);
  const now = shape.value;
  if (!now) return null;
  return (
    <>
      <section aria-label="Shape" data-shape={now.tick}>
        <h2>Shape of the graph</h2>
        <ul class="design-facts">{facts(now).map((fact) => <FactRow key={fact.name} {...fact} />)}</ul>
        <Numbers now={now} />
      </section>
      <DistanceChart now={now} />
      <DegreeChart now={now} />
    </>
  );
}

const MARKS = {
  good: "M7 1a6 6 0 1 1 0 12A6 6 0 0 1 7 1zM6.300 9.800l4-4-1-1-3 3-1.500-1.500-1 1z",
  partly: "M7 1a6 6 0 1 1 0 12A6 6 0 0 1 7 1zm0 1.500a4.500 4.500 0 0 0 0 9z",
  bad: "M7 .8l6.600 11.900H.4zM6.300 5v3.800h1.400V5zm0 4.700v1.400h1.400V9.700z",
};
const WORDS = { good: "as designed", partly: "nearly as designed", bad: "not as designed" };

function FactRow({ mark, name, text }: Fact) {
  return (
    <li class={mark}>
      <svg class="glyph" viewBox="0 0 14 14" role="img" aria-label={WORDS[mark]}><path d={MARKS[mark]} fill-rule="evenodd" /></svg>
      <span><b>{name}</b> {text}</span>
    </li>
  );
}

function Numbers({ now }: { now: Shape }) {
  const { closeness, mixing } = now;
  const { first_connected: first, convergence } = metrics.value ?? {};
  const share = (name: string, part: number | null, title: string) => (
    <Figure name={name} value={percent(part)} share={part ?? 0} title={title} />
  );
  return (
    <dl class="figures">
      {share("leaf set", closeness.core_coverage, "Share of the four nearest peers on each side that are mutually Connected")}
      {share("largest gap", closeness.gap_mean, "Largest arc of the ring without a Connected peer, mean over the peers")}
      {share("areas covered", closeness.area_coverage, "Sixteenths of the ring in which a peer has a Connected peer, mean over the peers")}
      <Figure name="locality" value={closeness.locality?.toFixed(2) ?? "–"} title="1: Connected peers are adjacent; 0.5: they are anywhere" />
      {share("evenness", mixing.entropy, "Normalised entropy of the in-degrees: 100 % if all peers are chosen equally often")}
      {share("overlap with neighbour", mixing.overlap_neighbours, "Connected peers that adjacent peers have in common")}
      {share("overlap with any peer", mixing.overlap_strangers, "Connected peers that two random peers have in common")}
      <Figure name="time to connect" value={rounds(first?.p50)} title="Median number of rounds until the first Connected peer" />
      <Figure name="steady since" value={rounds(convergence?.round)} title="Round from which on the mean number of Connected peers stays within 5 %" />
    </dl>
  );
}

function rounds(round: number | null | undefined): string {
  return round === null || round === undefined ? "–" : count(round);
}

function DistanceChart({ now: { distances, edges } }: { now: Shape }) {
  const bins = distances.bins.length;
  const middle = (index: number): number => (index + 0.5) / bins;
  const { deviation } = distances;
  const expected = (_: number, i: number): number => (deviation ? gaussian(middle(i), deviation, edges, bins) : 0);
  return (
    <Bars
      testId="reach"
      title="Distances of connections"
      subtitle="Connections by distance on the ring, compared with two distributions"
      sentence={fitSentence(distances)}
      unit="Distance"
      bars={{ label: "connections", values: distances.bins }}
      curves={[
        { label: "no preference", colour: "muted", dash: true, values: distances.bins.map(() => edges / bins) },
        { label: "Gaussian", colour: "accent", values: distances.bins.map(expected) },
      ]}
      axis={["adjacent", "a quarter of the ring", "opposite"]}
      bin={(index) => `${percent(index / bins)} to ${percent((index + 1) / bins)}`}
      format={(value) => count(value)}
    />
  );
}

function DegreeChart({ now: { degrees, running } }: { now: Shape }) {
  const width = degrees.bin_width;
  const { first, bins, others } = trimmed(degrees.connected_bins, degrees.mutual_bins, width);
  const name = (index: number): string => {
    const from = first + index * width;
    return width === 1 ? count(from) : `${count(from)} to ${count(from + width - 1)}`;
  };
  const { p10, p50, p90 } = degrees.connected;
  const sentence = running > 0
    ? `Median ${count(p50)} (80 % between ${count(p10)} and ${count(p90)}); ${mean(degrees.mutual.mean)} of them mutual on average.`
    : "No peer is running.";
  return (
    <Bars
      testId="degrees"
      title="Degrees"
      subtitle="Running peers by their number of Connected peers"
      sentence={sentence}
      unit="Connected peers"
      bars={{ label: "Connected", values: bins }}
      curves={[{ label: "mutually Connected", colour: "accent", step: true, values: others }]}
      axis={[count(first), "", name(Math.max(0, bins.length - 1))]}
      bin={name}
      format={(value) => count(value)}
    />
  );
}
