/** Measure tab: counters and charts. */
import { ConnectedChart, MixChart } from "../charts/charts";
import { ColumnCharts } from "../charts/ColumnCharts";
import { SpaceTime } from "../spacetime/SpaceTime";
import { hasLifecycle, metrics } from "../store/store";
import { count, mean, percent } from "../ui/format";
import { AttackComparison } from "./AttackComparison";
import { Figure } from "./Figure";
import { StateTransitions } from "./StateTransitions";
import { Outcomes } from "./Outcomes";
import { GraphShape } from "./GraphShape";
import { lazy } from "./lazy";

const PeerCache = lazy(() => import("../cache/PeerCache"));
const Sessions = lazy(() => import("../sessions/Sessions"));
const ElectionDetails = lazy(() => import("./ElectionDetails"));
const Radio = lazy(() => import("../radio/Radio"));
const Manager = lazy(() => import("../manager/Manager"));
const Blocks = lazy(() => import("../blocks/Blocks"));
const Definitions = lazy(() => import("./Definitions"));

export function MeasurePanel() {
  const layers = (
    <>
      {metrics.value?.sessions && <Sessions />}
      {metrics.value?.radio && <Radio />}
      {metrics.value?.manager && <Manager />}
      {metrics.value?.cache && <PeerCache />}
      {metrics.value?.blocks && <Blocks />}
    </>
  );
  if (!hasLifecycle.value) return <>{layers}<ColumnCharts /><Definitions /></>;
  return (
    <>
      {layers}
      <AttackComparison />
      <Elections />
      <Network />
      <ConnectedChart />
      <GraphShape />
      <StateTransitions />
      <SpaceTime />
      <MixChart />
      <ColumnCharts />
      <Definitions />
    </>
  );
}

function Elections() {
  const now = metrics.value;
  const e = now?.elections;
  const of = (part: number | undefined): number => (e && e.started > 0 ? (part ?? 0) / e.started : 0);
  return (
    <section aria-label="Elections">
      <h2>Elections</h2>
      <dl class="figures">
        <Figure name="started" value={count(e?.started ?? 0)} />
        <Figure name="completed" value={count(e?.completed ?? 0)} share={of(e?.completed)} />
        <Figure name="timed out" value={count(e?.timed_out ?? 0)} share={of(e?.timed_out)} />
        <Figure name="open" value={count(e?.open ?? 0)} share={of(e?.open)} />
        <Figure name="split brain seen" value={count(e?.split_brain ?? 0)} title="Tallies that found two clusters of contradicting Answers" />
        <Figure name="abandoned (split brain)" value={count(e?.split_abandoned ?? 0)} share={of(e?.split_abandoned)} />
        <Figure name="messages per election" value={mean(now?.messages_per_completed_election ?? NaN)} title="Messages sent per completed election" />
        <Figure name="tokens per peer" value={count(now?.tokens_per_peer ?? 0)} title="Mean number of tokens held by a running peer" />
      </dl>
      <Outcomes />
      <ElectionDetails />
    </section>
  );
}

function Network() {
  const m = metrics.value?.messages;
  const of = (part: number | undefined): number => (m && m.total > 0 ? (part ?? 0) / m.total : 0);
  return (
    <section aria-label="Messages">
      <h2>Messages</h2>
      <dl class="figures">
        <Figure name="sent" value={count(m?.total ?? 0)} />
        <Figure name="delivered" value={count(m?.delivered ?? 0)} share={of(m?.delivered)} title={percent(of(m?.delivered))} />
        <Figure name="in flight" value={count(m?.in_flight ?? 0)} />
        <Figure name="lost" value={count(m?.lost ?? 0)} share={of(m?.lost)} title={percent(of(m?.lost))} />
        <Figure name="undeliverable" value={count(m?.undeliverable ?? 0)} share={of(m?.undeliverable)} title="Messages to an id that no running peer has" />
        <Figure name="overload" value={count(m?.overload ?? 0)} share={of(m?.overload)} title="Messages dropped because too many were in flight" />
        <div class="figure" title="Messages dropped at a partition">
          <dt>cut</dt>
          <dd data-count="cut" data-value={m?.cut ?? 0}>{count(m?.cut ?? 0)}</dd>
          <div class="mini" aria-hidden="true"><i style={{ transform: `scaleX(${of(m?.cut)})` }} /></div>
        </div>
      </dl>
    </section>
  );
}
