/** Glyphs of legends: the shapes and colours of the ring. */
import type { MessageKind } from "../protocol/messageKinds";
import { MESSAGE_SHAPES } from "../protocol/messageShapes";
import type { PeerState } from "../protocol/peerStates";

export type PeerGlyph = PeerState | "adversary";

const ADVERSARY =
  "M7.00 0.10L8.54 2.77L11.44 1.71L10.90 4.75L13.80 5.80L11.43 7.78L12.98 10.45L9.89 10.45L9.36 13.48L7.00 11.50L4.64 13.48" +
  "L4.11 10.45L1.02 10.45L2.57 7.78L0.20 5.80L3.10 4.75L2.56 1.71L5.46 2.77zM7 4.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z";

const PEER_SHAPES: Record<PeerGlyph, () => preact.JSX.Element> = {
  alone: () => <circle cx="7" cy="7" r="2.2" />,
  identified: () => <circle cx="7" cy="7" r="4.6" class="hollow" />,
  pending: () => <><circle cx="7" cy="7" r="4.6" class="hollow" /><path d="M7 2.400a4.600 4.600 0 0 0 0 9.200z" /></>,
  connected: () => <circle cx="7" cy="7" r="5.4" />,
  crashed: () => <path class="hollow" d="M3.200 3.200l7.600 7.600M10.800 3.200l-7.600 7.600" />,
  paused: () => <><circle cx="7" cy="7" r="5" class="hollow" /><path d="M4.700 4.500h1.600v5H4.700zM7.700 4.500h1.600v5H7.700z" /></>,
  adversary: () => <path fill-rule="evenodd" d={ADVERSARY} />,
};

export function Glyph({ name }: { name: PeerGlyph }) {
  return <svg class={`glyph c-${name}`} viewBox="0 0 14 14" aria-hidden="true">{PEER_SHAPES[name]()}</svg>;
}

export function MessageGlyph({ kind }: { kind: MessageKind }) {
  return (
    <svg class={`glyph c-${kind.colour}`} viewBox="0 0 14 14" aria-hidden="true">
      <path d={MESSAGE_SHAPES[kind.shape].path} />
    </svg>
  );
}
