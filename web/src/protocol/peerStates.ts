/**
 * Table of peer states in a frame: highest state of a peer towards any other, or its status if it does not
 * run. Rows are in the order of their codes. A state has the colour token and the glyph of its name.
 */

export type PeerState = "alone" | "identified" | "pending" | "connected" | "crashed" | "paused";

/** Labels by state; a capital marks the terms of the protocol. */
const LABELS: Record<PeerState, string> = {
  alone: "alone",
  identified: "Identified",
  pending: "Pending",
  connected: "Connected",
  crashed: "crashed",
  paused: "paused",
};

export const PEER_STATES = Object.entries(LABELS).map(([name, label], code) => ({ code, name: name as PeerState, label }));

/** Codes by state, as in `Frame.status`. */
export const STATUS = Object.fromEntries(PEER_STATES.map(({ name, code }) => [name, code])) as Record<PeerState, number>;

/** State of a code; "alone" if the table lacks it. */
export function peerStateOf(code: number): PeerState {
  return PEER_STATES[code]?.name ?? "alone";
}
