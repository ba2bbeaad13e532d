/** The ring that is on the page, for what is done with it elsewhere (its picture as a file). */
import { signal } from "@preact/signals";
import type { Ring } from "../ring/ring";

export const ringOnPage = signal<Ring | null>(null);
