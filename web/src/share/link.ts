/** The address of a run: `#s=` and the payload that the core wrote. */
import type { Problem } from "../wasm/ringside_wasm.js";

export type Address =
  | { kind: "none" }
  | { kind: "link"; payload: string }
  | { kind: "unknown"; problem: Problem };

/** Read the fragment of an address. What cannot be understood is a problem to be shown, never ignored. */
export function readHash(hash: string): Address {
  const text = hash.replace(/^#/, "");
  if (text === "") return { kind: "none" };
  for (const part of text.split("&")) {
    if (part.startsWith("s=")) return { kind: "link", payload: decode(part.slice(2)) };
  }
  return {
    kind: "unknown",
    problem: {
      path: "address",
      message: "The part of the address after # is not a Ringside link.",
      remedy: "A link looks like #s=1.… Copy the whole of it again, or open the default experiment.",
    },
  };
}

/** Mail programs and chats encode more than they need to; a payload itself holds no %. */
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
