/** URL of a run: the fragment `#s=` with the payload of the core. */
import type { Problem } from "../wasm/ringside_wasm.js";

export type Address =
  | { kind: "none" }
  | { kind: "link"; payload: string }
  | { kind: "unknown"; problem: Problem };

/** Parses the fragment of a URL. A fragment that is no link is a problem, not the default experiment. */
export function readHash(hash: string): Address {
  const text = decode(hash.replace(/^#/, ""));
  if (text === "") return { kind: "none" };
  const [payload, ...others] = text.split("&").filter((part) => part.startsWith("s=")).map((part) => part.slice(2).trim());
  if (payload === undefined) {
    return unknown("The part of the URL after # is not a Ringside link.", "A link looks like #s=1.… Copy it again completely, or open the default experiment.");
  }
  if (others.length > 0) return unknown("The link holds two runs.", "Open the link of one of them.");
  return { kind: "link", payload };
}

function unknown(message: string, remedy: string): Address {
  return { kind: "unknown", problem: { path: "URL", message, remedy } };
}

/** Percent-decodes a fragment, which mail programs and chats may have encoded, and removes line breaks. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text).replace(/[\r\n]/g, "").trim();
  } catch {
    return text;
  }
}

export function formHash(payload: string): string {
  return `#s=${payload}`;
}
