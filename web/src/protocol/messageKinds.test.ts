import { describe, expect, it } from "vitest";
import { LAYER_PACKET, MESSAGE_KINDS, messageKindOf } from "./messageKinds";
import { MESSAGE_SHAPES } from "./messageShapes";
import { PEER_STATES, peerStateOf, STATUS } from "./peerStates";

describe("the table of message kinds", () => {
  it("gives every kind a code, a name and a shape of its own", () => {
    for (const key of ["code", "name", "label", "shape"] as const) {
      expect(new Set(MESSAGE_KINDS.map((kind) => kind[key])).size, key).toBe(MESSAGE_KINDS.length);
    }
  });

  it("finds kinds by code, and falls back to a neutral one", () => {
    expect([0, 1, 2, 3, 4].map((code) => messageKindOf(code).label)).toEqual(["Query", "Answer", "Invitation", "Referral", "Goodbye"]);
    expect([32, 77].map(messageKindOf)).toEqual([LAYER_PACKET, LAYER_PACKET]);
    expect(MESSAGE_SHAPES[LAYER_PACKET.shape].path).toMatch(/^M/);
  });
});

describe("the table of peer states", () => {
  it("is in the order of the codes of a frame", () => {
    expect(PEER_STATES.map(({ name }) => name)).toEqual(["alone", "identified", "pending", "connected", "crashed", "paused"]);
    expect([STATUS.connected, STATUS.paused]).toEqual([3, 5]);
    expect([peerStateOf(4), peerStateOf(99)]).toEqual(["crashed", "alone"]);
  });
});
