/** Numbers as people read them. Nothing here jumps: equal kinds of numbers get equal shapes. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A count: 260,738. */
export function count(value: number): string {
  return whole.format(value);
}

/** A mean: 2.0. */
export function mean(value: number): string {
  return Number.isFinite(value) ? one.format(value) : "–";
}

/** A share of one: 15.3 %. Null where there is nothing to divide by. */
export function percent(share: number | null): string {
  return share === null || !Number.isFinite(share) ? "–" : `${one.format(share * 100)} %`;
}

/** "1 round", "2 rounds". */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** A file name's part that any system accepts. */
export function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}
