/** Legends of the ring: meaning and number of each mark. */
import { LAYER_PACKET, MESSAGE_KINDS } from "../protocol/messageKinds";
import { CROWD } from "../ring/pixels";
import { frameLimits, hasLifecycle, metrics } from "../store/store";
import { count } from "../ui/format";
import { Glyph, MessageGlyph, type PeerGlyph } from "../ui/Glyph";

interface RowProps {
  glyph: preact.JSX.Element;
  label: string;
  /** Undefined before the first report. */
  value: number | undefined;
  title: string;
  /** Key of the count in the page's markup. */
  name: string;
}

function Row({ glyph, label, value, title, name }: RowProps) {
  return (
    <li title={title}>
      {glyph}
      <span>{label}</span>
      <output data-count={name} data-value={value}>{value === undefined ? "–" : count(value)}</output>
    </li>
  );
}

function PeerRow({ state, name = state, ...rest }: { state: PeerGlyph; name?: string } & Pick<RowProps, "label" | "value" | "title">) {
  return <Row glyph={<Glyph name={state} />} name={name} {...rest} />;
}

export function StateLegend() {
  const peers = metrics.value?.peers;
  const connections = peers && Math.round(peers.connected.avg * peers.running);
  return (
    <ul class="corner top-left" aria-label="Peers and their states towards one another">
      {hasLifecycle.value && (
        <>
          <PeerRow state="connected" label="Connected" value={connections} title="Pairs in which one peer has the other as Connected" />
          <PeerRow state="pending" label="Pending" value={peers?.pending} title="Pairs in which one peer has invited the other and waits" />
          <PeerRow state="identified" label="Identified" value={peers?.identified} title="Pairs in which one peer knows the other by a Referral" />
        </>
      )}
      <PeerRow state="alone" name="running" label="running peers" value={peers?.running} title="Running peers; the dot is a peer that knows no other" />
      <PeerRow state="crashed" label="crashed peers" value={peers?.crashed} title="Peers that have crashed" />
      {peers !== undefined && peers.paused > 0 && <PeerRow state="paused" label="paused peers" value={peers.paused} title="Peers that are paused" />}
      {peers !== undefined && peers.adversaries > 0 && (
        <PeerRow state="adversary" name="adversaries" label="adversaries" value={peers.adversaries} title="Peers that break a rule of the protocol" />
      )}
      {frameLimits.value.peers > CROWD && <li class="limit">A pixel each; the deeper, the more Connected peers</li>}
    </ul>
  );
}

export function MessageLegend() {
  const messages = metrics.value?.messages;
  const { messages: shown, inFlight } = frameLimits.value;
  return (
    <ul class="corner top-right" aria-label="Messages sent">
      {metrics.value?.sessions && (
        <Row glyph={<MessageGlyph kind={LAYER_PACKET} />} label="Pings" value={metrics.value.sessions.pings_sent} title="Pings of sessions; every packet of a session is drawn like that" name="pings" />
      )}
      {metrics.value?.radio && (
        <Row glyph={<MessageGlyph kind={LAYER_PACKET} />} label="Radio frames" value={metrics.value.radio.frames} title="Frames sent on the air; a mark for each radio in range" name="frames" />
      )}
      {metrics.value?.manager && (
        <Row glyph={<MessageGlyph kind={LAYER_PACKET} />} label="Of managers" value={metrics.value.manager.messages} title="Dials, pings, lists and data of managed peers" name="managed" />
      )}
      {metrics.value?.blocks && (
        <Row
          glyph={<MessageGlyph kind={LAYER_PACKET} />} label="About blocks" value={metrics.value.blocks.messages.reduce((sum, { sent }) => sum + sent, 0)}
          title="Blocks, votes on them and requests for them" name="block-messages"
        />
      )}
      {hasLifecycle.value && MESSAGE_KINDS.map((kind) => (
        <Row
          key={kind.name} glyph={<MessageGlyph kind={kind} />} label={kind.label} value={messages?.[kind.name]} title={kind.title}
          name={kind.name}
        />
      ))}
      {/* Messages to ids without a peer have no path: a few more in flight than drawn are no sample. */}
      <li class="limit" title="An even sample: more could not be told apart">
        {/* Never empty, so that nothing moves when there is something to say. */}
        {inFlight >= 2 * shown && shown > 0 ? `${count(shown)} of ${count(inFlight)} in flight are drawn` : "\u00a0"}
      </li>
    </ul>
  );
}
