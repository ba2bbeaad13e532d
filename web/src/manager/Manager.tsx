/** Peer manager of document 004: figures, the score of a peer over time, bans, and a random pool beside it. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Figure } from "../panels/Figure";
import { shortHex } from "../ring/ids";
import { tickMs } from "../sessions/time";
import * as store from "../store/store";
import { request, subscribe } from "../store/workerClient";
import { StudyControl } from "../studies/StudyControl";
import { Study } from "../studies/study";
import { count, mean, percent } from "../ui/format";
import type { ManagerMetrics, PoolView } from "../wasm/ringside_wasm.js";
import type { Look } from "../worker/studyMessages";
import { BanTimeline } from "./BanTimeline";
import { PoolCurve } from "./PoolCurve";
import { ScoreAnatomy } from "./ScoreAnatomy";
import "./manager.css";

/** Time between two looks, in ms: scores are computed once a minute, the pool is kept twice. */
const EVERY_MS = 15_000;
/** Looks at most: a longer run is looked at less often. */
const LOOKS_MAX = 600;

const study = new Study();
/** Looks at the managed peers of one host, from the start of the run. */
const looks = signal<PoolView[]>([]);

// Another run has another story.
store.run.subscribe(() => {
  study.end();
  looks.value = [];
});

async function tell(): Promise<void> {
  const [view, now] = [store.pool.value, store.metrics.value?.tick];
  if (!view || now === undefined) return;
  const answer = await request("scenario");
  if (!("scenario" in answer)) return;
  const every = Math.max(1, Math.round(EVERY_MS / tickMs()), Math.ceil(now / LOOKS_MAX));
  looks.value = [];
  study.start({ kind: "story", input: answer.scenario, until: now, every, who: { kind: "pool", peer: view.host } }, (message) => {
    if (message.type !== "looks") return 0;
    const found = (message.looks as Look<PoolView>[]).flatMap(({ view }) => (view ? [view] : []));
    looks.value = [...looks.value, ...found];
    return message.done;
  });
}

export default function Manager() {
  useEffect(() => subscribe("pool"), []);
  useEffect(() => () => study.end(), []);
  const [found, view] = [store.metrics.value?.manager, store.pool.value];
  if (!found) return null;
  const told = looks.value.filter(({ host }) => host === view?.host);
  return (
    <>
      <Figures found={found} />
      {view && (
        <section aria-label="Story of a host">
          <h2>The peers of {shortHex(view.host)}</h2>
          <p class="subtitle">The run is repeated beside the present one, and the host looked at from its start; select a peer on the ring for another host</p>
          <StudyControl study={study} name={`Follow the peers of ${shortHex(view.host)}`} start={() => void tell()} />
        </section>
      )}
      {view && <ScoreAnatomy views={told} now={view} />}
      {told.length > 0 && <BanTimeline views={told} />}
      <PoolCurve />
    </>
  );
}

function Figures({ found }: { found: ManagerMetrics }) {
  const points = (value: number | null): string => (value === null ? "–" : mean(value));
  return (
    <section aria-label="Peer manager">
      <h2>Peer manager</h2>
      <dl class="figures">
        <Figure name="known" value={points(found.known)} title="Peers that a host knows, on average" />
        <Figure name="connected" value={points(found.connected)} title="Peers that a host is connected to, on average" />
        <Figure name="to bad peers" value={percent(found.bad_share)} share={found.bad_share ?? 0} title="Of the connections that hosts have opened" />
        <Figure name="median score" value={points(found.score.p50)} title="Of connected peers, in points" />
        <Figure name="replaced" value={count(found.replacements)} title="Connections that gave way to a better peer" />
        <Figure name="bans" value={`${count(found.banned)} of ${count(found.bans)}`} title="In force, of all so far" />
        <Figure name="redials" value={count(found.redials)} />
        {Boolean(found.minted_known) && <Figure name="known, minted" value={percent(found.minted_known)} title="Ids of the host that mints them, as a share of known peers" />}
        {Boolean(found.minted_known) && <Figure name="connected, minted" value={percent(found.minted_connected)} title="Ids of the host that mints them, as a share of connections" />}
      </dl>
    </section>
  );
}
