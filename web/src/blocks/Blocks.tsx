/** Blocks of document 000, phase 4: one of the latest on the ring, its votes, latencies, and what is pending. */
import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Bars } from "../charts/Bars";
import { usePainted } from "../charts/usePainted";
import { Figure } from "../panels/Figure";
import { hexOf, shortHex } from "../ring/ids";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count, mean, plural } from "../ui/format";
import type { BlockMap, BlockMark, BlockMetrics } from "../wasm/ringside_wasm.js";
import "./blocks.css";
import { shownOf, standing, tokensOf, type TokenVotes } from "./marks";
import { paintBlock } from "./paint";

/** Published figures: rounds of the median and of the 95th percentile on a closed ring of 192 peers. */
const PUBLISHED = { p50: 9, p95: 11, mean: 9.5, perNeeded: 5.8 };
/** Bins of the latency chart. */
const BINS = 32;
/** Tokens named at most. */
const NAMED = 6;

/** Block that is shown; null follows the newest one. */
const chosen = signal<string | null>(null);
/** The chosen block as it was last seen: it is shown on when newer blocks take its position among the latest. */
const kept = signal<BlockMark | null>(null);
const nameOf = (id: bigint | string): string => shortHex(hexOf(BigInt(id)));

// Another run has other blocks.
store.run.subscribe(() => {
  chosen.value = kept.value = null;
});
effect(() => {
  const found = store.blocks.value?.blocks.find(({ id }) => id === chosen.value);
  if (found) kept.value = found;
});

export default function Blocks() {
  useEffect(() => subscribe("blocks"), []);
  const [found, map] = [store.metrics.value?.blocks, store.blocks.value];
  if (!found) return null;
  const shown = map && shownOf(map, chosen.value, kept.value);
  return (
    <>
      <Figures found={found} />
      {map && shown && <BlockOnRing map={map} block={shown} />}
      <Latencies found={found} />
      <Pending found={found} />
      {map && <Disputed map={map} />}
    </>
  );
}

function Figures({ found }: { found: BlockMetrics }) {
  const rounds = (value: number | null): string => (value === null ? "–" : mean(value));
  const { heads, answers, honest } = found.frauds;
  return (
    <section aria-label="Blocks">
      <h2>Blocks</h2>
      <dl class="figures">
        <Figure name="submitted" value={count(found.submitted)} />
        <Figure name="committed" value={count(found.committed)} share={found.submitted > 0 ? found.committed / found.submitted : 0} title="At more than half of the peers concerned" />
        <Figure name="lost" value={count(found.blocked)} title="Against a conflicting block" />
        <Figure name="expired" value={count(found.expired)} />
        <Figure name="undecided" value={count(found.pending)} />
        <Figure name="mean rounds" value={rounds(found.rounds.mean)} title={`Until half of the peers concerned had committed; published: ${PUBLISHED.mean}`} />
        <Figure name="messages per needed one" value={rounds(found.messages_per_needed)} title={`Published: ${PUBLISHED.perNeeded}`} />
        <Figure name="wrong commits" value={count(found.wrong_commits)} title="At honest peers, of blocks that lost elsewhere or that no client has made" />
        <Figure name="reorganisations" value={count(found.reorganisations)} />
        <Figure name="votes refused" value={count(found.votes_refused)} />
        <Figure name="convictions" value={count(heads + answers)} title={`Of fraud, each judge counted: ${count(heads)} by two heads of one height, ${count(answers)} by mappings that the peer's own head has overtaken; ${count(honest)} of honest peers now`} />
      </dl>
    </section>
  );
}

function BlockOnRing({ map, block }: { map: BlockMap; block: BlockMark }) {
  const canvas = usePainted((ctx, palette) => {
    const now = store.blocks.value;
    const shown = now && shownOf(now, chosen.value, kept.value);
    if (shown) paintBlock(ctx, shown, ctx.canvas.clientWidth, palette);
  });
  const [heard = 0, approved = 0, refused = 0, committed = 0] = standing(block);
  const underway = block.messages.length / 2;
  return (
    <figure class="chart" data-chart="block" data-block={hexOf(BigInt(block.id))}>
      <div class="chart-head"><h2>A block on the ring</h2></div>
      <p class="subtitle">Arcs are the ranges of its tokens, dots are peers that know it, pulses are messages about it</p>
      <label class="block-picker">
        <span>Block</span>
        <select value={chosen.value ?? ""} onChange={({ currentTarget }) => (chosen.value = currentTarget.value || null)}>
          <option value="">the newest under way, or the newest</option>
          {map.blocks.map(({ id, round }) => <option key={id} value={id}>{nameOf(id)} of round {count(round)}</option>)}
          {block.id === chosen.value && !map.blocks.some(({ id }) => id === block.id) && (
            <option value={block.id}>{nameOf(block.id)} of round {count(block.round)}, as last seen</option>
          )}
        </select>
      </label>
      <canvas ref={canvas} class="block-ring" role="img" aria-label="Ring with the ranges of the tokens of a block, the peers that know it, and messages about it" />
      <ul class="legend" aria-label="Peers">
        <li><i class="swatch filled c-identified" />heard {count(heard)}</li>
        <li><i class="swatch filled c-pending" />approved {count(approved)}</li>
        <li><i class="swatch filled c-danger" />refused (square) {count(refused)}</li>
        <li><i class="swatch filled c-connected" />committed {count(committed)}</li>
      </ul>
      <Votes tokens={tokensOf(block)} threshold={map.threshold} />
      <figcaption>
        <span>
          Block {nameOf(block.id)} of round {count(block.round)}: {plural(underway, "message about it is", "messages about it are")} on
          {" "}{underway === 1 ? "its" : "their"} way, {plural(committed, "peer has", "peers have")} committed it.
        </span>
      </figcaption>
    </figure>
  );
}

/** Balance of each token against the threshold. */
function Votes({ tokens, threshold }: { tokens: TokenVotes[]; threshold: number }) {
  return (
    <table class="block-votes">
      <thead><tr><th>token</th><th>for</th><th>against</th><th>balance against a threshold of {count(threshold)}</th></tr></thead>
      <tbody>
        {tokens.map(({ token, yes, no, of }) => {
          const most = Math.max(of, threshold + 1);
          return (
            <tr key={token}>
              <td><code>{shortHex(hexOf(token))}</code></td>
              <td>{count(yes)} of {count(of)}</td>
              <td>{count(no)}</td>
              <td>
                <svg viewBox={`${-most} 0 ${2 * most} 12`} preserveAspectRatio="none" role="img" aria-label={`balance ${yes - no}`}>
                  <rect class={yes >= no ? "yes" : "no"} x={Math.min(0, yes - no)} y="2" width={Math.abs(yes - no)} height="8" />
                  <path class="axis" d="M0 0V12" />
                  <path class="bar" d={`M${threshold} 0V12`} />
                </svg>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Latencies({ found }: { found: BlockMetrics }) {
  const values = Array.from({ length: BINS }, (_, i) => found.latencies[i] ?? 0);
  const later = found.latencies.slice(BINS).reduce((sum, value) => sum + value, 0);
  values[BINS - 1] = (values[BINS - 1] ?? 0) + later;
  const most = Math.max(1, ...values);
  const published = values.map((_, i) => (i === PUBLISHED.p50 || i === PUBLISHED.p95 ? most : 0));
  const { p50, p95 } = found.rounds;
  return (
    <Bars
      testId="block-latencies"
      title="Rounds to a commit"
      subtitle="Blocks by the rounds until half of the peers concerned had committed; the last bin counts all later ones"
      sentence={p50 === null || p95 === null
        ? "No block has been committed so far."
        : `Half of the blocks took ${p50} rounds or less, 95 % took ${p95} or less; published: ${PUBLISHED.p50} and ${PUBLISHED.p95}.`}
      unit="rounds"
      bars={{ label: "blocks", values }}
      curves={[{ label: "published median and 95th percentile", colour: "accent", step: true, dash: true, values: published }]}
      axis={["0", String(BINS / 2), String(BINS)]}
      bin={(index) => (index === BINS - 1 ? `${index} or more` : String(index))}
      format={count}
    />
  );
}

function Pending({ found: { waiting } }: { found: BlockMetrics }) {
  return (
    <section aria-label="Undecided blocks by cause">
      <h2>Undecided, by cause</h2>
      <p class="hint">Entries of all pools: a block that ten peers have not decided counts ten times</p>
      <dl class="figures">
        <Figure name="its content" value={count(waiting.block)} title="Peers that have heard of a block and do not have it yet" />
        <Figure name="a parent" value={count(waiting.parent)} />
        <Figure name="votes on a token" value={count(waiting.token_votes)} />
        <Figure name="votes of witnesses" value={count(waiting.witness_votes)} />
        <Figure name="lost" value={count(waiting.lost)} title="It waits for nothing any more" />
      </dl>
    </section>
  );
}

/** Tokens whose owners disagree. */
function Disputed({ map: { disputed } }: { map: BlockMap }) {
  const names = Array.from(disputed.subarray(0, NAMED), (token) => shortHex(hexOf(token)));
  return (
    <section aria-label="Owners that disagree" data-disputed={disputed.length}>
      <h2>Owners that disagree</h2>
      <p class={disputed.length > 0 ? undefined : "hint"}>
        {disputed.length === 0
          ? "No token is mapped to two blocks with the same parent."
          : `${plural(disputed.length, "token has", "tokens have")} two owners: ${names.join(", ")}${disputed.length > NAMED ? " and others" : ""}.`}
      </p>
    </section>
  );
}
