/** The shape of the graph of connections: whether it is what the design promises, and how far connections reach. */
import { useEffect } from "preact/hooks";
import { Bars } from "../charts/Bars";
import { facts, fitSentence, gaussian, trimmed, type Fact } from "../charts/shape";
import { metrics, shape } from "../store/store";
import { watchShape } from "../store/wire";
import { count, mean, percent } from "../ui/format";
import type { Shape } from "../wasm/ringside_wasm.js";
import { Figure } from "./Figure";

export function ShapeFigures() {
  useEffect(() => {
    watchShape(true);
    return () => watchShape(false);
  }, []);
  const now = shape.value;
  if (!now) return null;
  return (
    <>
      <section aria-label="Shape" data-shape={now.tick}>
        <h2>Shape of the connections</h2>
        <ul class="verdicts">{facts(now).map((fact) => <Verdict key={fact.name} {...fact} />)}</ul>
        <Numbers now={now} />
      </section>
      <Reach now={now} />
      <Degrees now={now} />
    </>
  );
}

const MARKS = {
  good: "M7 1a6 6 0 1 1 0 12A6 6 0 0 1 7 1zM6.300 9.800l4-4-1-1-3 3-1.500-1.500-1 1z",
  partly: "M7 1a6 6 0 1 1 0 12A6 6 0 0 1 7 1zm0 1.500a4.500 4.500 0 0 0 0 9z",
  bad: "M7 .8l6.600 11.900H.4zM6.300 5v3.800h1.400V5zm0 4.700v1.400h1.400V9.700z",
};
const WORDS = { good: "as promised", partly: "nearly as promised", bad: "not as promised" };

function Verdict({ mark, name, text }: Fact) {
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
      {share("core", closeness.core_coverage, "Of the four nearest peers on each side, those mutually Connected")}
      {share("largest gap", closeness.gap_mean, "The largest arc of the ring in which a peer has no Connected one, on average")}
      <Figure name="locality" value={closeness.locality?.toFixed(2) ?? "–"} title="1: Connected peers are next to it; 0.5: anywhere" />
      {share("evenness", mixing.entropy, "How evenly peers are chosen: the entropy of how often each is somebody's Connected one")}
      {share("like neighbour", mixing.overlap_neighbours, "Connected peers that next neighbours have in common")}
      {share("like stranger", mixing.overlap_strangers, "Connected peers that any two have in common")}
      <Figure name="first Connected" value={rounds(first?.p50)} title="Rounds that half of the peers waited no longer than for their first Connected one" />
      <Figure name="steady since" value={rounds(convergence?.round)} title="The round from which on the mean number of Connected peers stays within 5 %" />
    </dl>
  );
}

function rounds(round: number | null | undefined): string {
  return round === null || round === undefined ? "–" : count(round);
}

function Reach({ now: { distances, edges } }: { now: Shape }) {
  const bins = distances.bins.length;
  const middle = (place: number): number => (place + 0.5) / bins;
  const { deviation } = distances;
  const fading = (_: number, i: number): number => (deviation ? gaussian(middle(i), deviation, edges, bins) : 0);
  return (
    <Bars
      testId="reach"
      title="How far connections reach"
      subtitle="Connections by distance on the ring, against two curves"
      sentence={fitSentence(distances)}
      unit="Distance"
      bars={{ label: "connections", values: distances.bins }}
      curves={[
        { label: "no preference", colour: "muted", dash: true, values: distances.bins.map(() => edges / bins) },
        { label: "Gaussian", colour: "accent", values: distances.bins.map(fading) },
      ]}
      axis={["next to it", "a quarter turn", "opposite"]}
      bin={(place) => `${percent(place / bins)} to ${percent((place + 1) / bins)}`}
      format={(value) => count(value)}
    />
  );
}

function Degrees({ now: { degrees, running } }: { now: Shape }) {
  const width = degrees.bin_width;
  const { first, bins, others } = trimmed(degrees.connected_bins, degrees.mutual_bins, width);
  const name = (place: number): string => {
    const from = first + place * width;
    return width === 1 ? count(from) : `${count(from)} to ${count(from + width - 1)}`;
  };
  const { p10, p50, p90 } = degrees.connected;
  const sentence = running > 0
    ? `Half of the peers have no more than ${count(p50)}, four in five from ${count(p10)} to ${count(p90)}; ${mean(degrees.mutual.mean)} are mutual.`
    : "No peer is running.";
  return (
    <Bars
      testId="degrees"
      title="Connected peers, peer by peer"
      subtitle="Running peers by how many Connected ones they have"
      sentence={sentence}
      unit="Connected peers"
      bars={{ label: "Connected", values: bins }}
      curves={[{ label: "mutually", colour: "accent", step: true, values: others }]}
      axis={[count(first), "", name(Math.max(0, bins.length - 1))]}
      bin={name}
      format={(value) => count(value)}
    />
  );
}
