import { describe, expect, it } from "vitest";
import type { Command } from "../wasm/ringside_wasm.js";
import { commandFlag, commandText } from "./table";
import { clockText } from "./words";

const peer = "00ff00ff00ff00ff";

describe("commands in words", () => {
  it("name the peer, the change and its amount", () => {
    const texts: [Command, string, string][] = [
      [{ kind: "arrive", count: 1, contacts: 2, coverage: 0.9 }, "arrive 1", "1 newcomer with 2 contacts each and 90 % of their tokens"],
      [{ kind: "expire", share: 0.125 }, "expire 12.5 %", "12.5 % of the running peers stop"],
      [{ kind: "flap", period: 20 }, "flap", "Partitions alternate every 20 ticks"],
      [{ kind: "hold", from: peer, to: peer }, "hold", "Messages from 00ff00… to 00ff00… are held"],
      [{ kind: "release-one", from: peer, to: peer, place: 2 }, "release", "Message 2 from 00ff00… to 00ff00… is released"],
      [{ kind: "spoil", peer, harm: "stale", share: 0.5 }, "stale", "50 % of the tokens of 00ff00… are stale"],
      [{ kind: "spoil-share", peers: 0.2, harm: "lost", share: 1 }, "lost", "100 % of the tokens of 20 % of the peers are lost"],
      [{ kind: "skew", peer, rounds: 5, direction: "behind" }, "skew", "The clock of 00ff00… is 5 rounds behind"],
      [{ kind: "skew", peer, rounds: 0, direction: "ahead" }, "skew", "The clock of 00ff00… is right"],
      [{ kind: "corrupt", peer, conduct: "equivocator" }, "equivocator", "00ff00… becomes an equivocator"],
      [{ kind: "corrupt", peer, conduct: "honest" }, "honest", "00ff00… is honest again"],
      [{ kind: "sybils", near: peer, count: 8, conduct: "eclipser" }, "sybils 8", "8 sybils near 00ff00…, each an eclipser"],
      [{ kind: "set", path: "network.loss", value: 0.5 }, "loss", "network.loss = 0.5"],
    ];
    for (const [command, label, text] of texts) expect([commandFlag(command), commandText(command)]).toEqual([label, text]);
  });

  it("describe the state of a clock", () => {
    expect(clockText(0, 1000)).toBe("right");
    expect(clockText(-1, 800)).toBe("1 round behind, at 80 % of its rate");
  });
});
