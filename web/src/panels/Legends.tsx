/** Legends that count: what the shapes mean, and how many of each there are. */
import { CROWD } from "../ring/pixels";
import { drawn, metrics } from "../store/store";
import { count } from "../ui/format";
import { Glyph, type GlyphName } from "../ui/Glyph";

function Row({ glyph, name, value, title, data }: { glyph: GlyphName; name: string; value: number; title: string; data: string }) {
  return (
    <li title={title}>
      <Glyph name={glyph} />
      <span>{name}</span>
      <output data-count={data} data-value={value}>{count(value)}</output>
    </li>
  );
}

export function StateLegend() {
  const peers = metrics.value?.peers;
  const running = peers?.running ?? 0;
  return (
    <ul class="corner top-left" aria-label="What peers think of one another">
      <Row glyph="connected" name="Connected" value={Math.round((peers?.connected.avg ?? 0) * running)} title="Pairs in which one has the other as Connected" data="connected" />
      <Row glyph="pending" name="Pending" value={peers?.pending ?? 0} title="Invited and waiting" data="pending" />
      <Row glyph="identified" name="Identified" value={peers?.identified ?? 0} title="Known by a referral" data="identified" />
      <Row glyph="alone" name="running peers" value={running} title="Peers that run; a dot is one that knows nobody" data="running" />
      <Row glyph="crashed" name="crashed peers" value={peers?.crashed ?? 0} title="Peers that have crashed" data="crashed" />
      {peers !== undefined && peers.paused > 0 && <Row glyph="paused" name="paused peers" value={peers.paused} title="Peers that do nothing for the time being" data="paused" />}
      {peers !== undefined && peers.adversaries > 0 && <Row glyph="adversary" name="adversaries" value={peers.adversaries} title="Peers that break a rule" data="adversaries" />}
      {drawn.value.peers > CROWD && <li class="limit">A pixel each; the deeper, the more Connected peers</li>}
    </ul>
  );
}

export function MessageLegend() {
  const messages = metrics.value?.messages;
  const { messages: shown, inFlight } = drawn.value;
  return (
    <ul class="corner top-right" aria-label="Messages sent">
      <Row glyph="query" name="Query" value={messages?.query ?? 0} title="Who holds these tokens?" data="query" />
      <Row glyph="referral" name="Referral" value={messages?.referral ?? 0} title="I do not; ask these. Makes peers Identified" data="referral" />
      <Row glyph="invitation" name="Invitation" value={messages?.invitation ?? 0} title="An Answer that invites. Makes peers Pending" data="invitation" />
      <Row glyph="answer" name="Answer" value={messages?.answer ?? 0} title="I do, here is the proof. Makes peers Connected" data="answer" />
      <Row glyph="goodbye" name="Goodbye" value={messages?.goodbye ?? 0} title="I leave, or drop the connection" data="goodbye" />
      {/* A few are to peers that do not exist: those have no path. */}
      {inFlight >= 2 * shown && shown > 0 && <li class="limit" title="More could not be told apart">{count(shown)} of {count(inFlight)} in flight are drawn</li>}
    </ul>
  );
}
