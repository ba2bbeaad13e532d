/** Formats of numbers. The number of decimals is fixed by format, so that figures do not jump. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Count: 260,738. */
export function count(value: number): string {
  return whole.format(value);
}

/** Mean: 2.0. */
export function mean(value: number): string {
  return Number.isFinite(value) ? one.format(value) : "–";
}

/** Share of one in percent: 15.3 %. A dash if it is null. */
export function percent(share: number | null): string {
  return share === null || !Number.isFinite(share) ? "–" : `${one.format(share * 100)} %`;
}

/** Share in percent within a sentence, with a space that does not break. */
export function percentInText(share: number | null): string {
  return percent(share).replace(" ", "\u00a0");
}

/** Number with its noun: "1 round", "2 rounds". */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** Part of a file name that any system accepts. */
export function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}
