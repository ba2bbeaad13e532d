/** URL of a run: the fragment `#s=` with the payload of the core. */
import type { Problem } from "../wasm/ringside_wasm.js";

export type Address =
  | { kind: "none" }
  | { kind: "link"; payload: string }
  | { kind: "unknown"; problem: Problem };

/** Parses the fragment of a URL. A fragment that is no link is a problem, not the default experiment. */
export function readHash(hash: string): Address {
  const text = hash.replace(/^#/, "");
  if (text === "") return { kind: "none" };
  for (const part of text.split("&")) {
    if (part.startsWith("s=")) return { kind: "link", payload: decode(part.slice(2)) };
  }
  return {
    kind: "unknown",
    problem: {
      path: "URL",
      message: "The part of the URL after # is not a Ringside link.",
      remedy: "A link looks like #s=1.… Copy it again completely, or open the default experiment.",
    },
  };
}

/** Percent-decodes a payload, which mail programs and chats may have encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text;
  }
}

export function formHash(payload: string): string {
  return `#s=${payload}`;
}
