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

/** Presets with layers by their codes: these, and all from a code on. A test of the core holds it. */
const LAYERED = { early: [6, 7, 8], from: 20 };

/**
 * Whether a link names a preset with layers, so that the module with all of them should be loaded at once. A
 * wrong guess costs the load of another module, and nothing else.
 */
export function namesLayers(payload: string): boolean {
  try {
    // After the version of the text: base64url of a version byte, the code of the preset, and the rest.
    const code = atob(payload.slice(2, 6).replaceAll("-", "+").replaceAll("_", "/")).charCodeAt(1);
    return payload.startsWith("1.") && (LAYERED.early.includes(code) || code >= LAYERED.from);
  } catch {
    return false;
  }
}

export function formHash(payload: string): string {
  return `#s=${payload}`;
}
