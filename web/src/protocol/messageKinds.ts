/**
 * Table of message kinds: the only description of kinds on the page, used by the ring, the legend, the
 * charts and the glyphs. Rows are in the order of the legend, which is also the order of the stacked chart
 * from below.
 */
import type { Palette } from "../ring/palette";
import type { MessageShape } from "./messageShapes";

export interface MessageKind {
  /** Code in `Frame.messageKind`. */
  code: number;
  /** As in `Metrics.messages` and in the columns of `History`, if it is one of the lifecycle. */
  name: string;
  label: string;
  plural: string;
  shape: MessageShape;
  /** Colour of the peer state that the message leads to, if it leads to one. */
  colour: keyof Palette;
  /** Meaning, for a tooltip. */
  title: string;
}

export const MESSAGE_KINDS = [
  {
    code: 0, name: "query", label: "Query", plural: "Queries", shape: "dot", colour: "query",
    title: "Asks for proof of storage of some tokens",
  },
  {
    code: 3, name: "referral", label: "Referral", plural: "Referrals", shape: "triangle", colour: "identified",
    title: "Names peers that may hold the tokens. Makes peers Identified",
  },
  {
    code: 2, name: "invitation", label: "Invitation", plural: "Invitations", shape: "square", colour: "pending",
    title: "Invites to connect, with a proof. Makes peers Pending, and Connected once both have invited",
  },
  {
    code: 1, name: "answer", label: "Answer", plural: "Answers", shape: "diamond", colour: "connected",
    title: "Proves storage of the tokens. A vote in an election",
  },
  {
    code: 4, name: "goodbye", label: "Goodbye", plural: "Goodbyes", shape: "bar", colour: "goodbye",
    title: "Ends a connection",
  },
] as const satisfies readonly MessageKind[];

const BY_CODE = new Map<number, MessageKind>(MESSAGE_KINDS.map((kind) => [kind.code, kind]));

/** Any packet of a layer below the lifecycle. */
export const LAYER_PACKET: MessageKind = {
  code: 32, name: "packet", label: "Packet", plural: "Packets", shape: "plus", colour: "muted", title: "Packet of a layer below the lifecycle",
};

/** Kind of a code. */
export function messageKindOf(code: number): MessageKind {
  return BY_CODE.get(code) ?? LAYER_PACKET;
}
