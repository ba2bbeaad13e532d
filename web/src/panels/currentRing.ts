/** Ring on the page, for the export of its picture. */
import { signal } from "@preact/signals";
import type { Ring } from "../ring/ring";

export const currentRing = signal<Ring | null>(null);
