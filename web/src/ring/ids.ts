/** Ids of 64 bits: bigints in code, sixteen hexadecimal digits as text. */

export function hexOf(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16).padStart(16, "0");
}

/** Id at a position, exact to 48 bits. */
export function idAtPosition(position: number): bigint {
  const whole = position - Math.floor(position);
  return BigInt(Math.round(whole * 2 ** 48) % 2 ** 48) << 16n;
}

export function positionOf(id: bigint): number {
  return Number(BigInt.asUintN(64, id) >> 16n) / 2 ** 48;
}

/** First six digits of an id, for labels. */
export function shortHex(hex: string): string {
  return hex.slice(0, 6);
}

/** Index of an id among ascending ids by binary search, -1 if it is absent. */
export function indexOfId(ids: ArrayLike<bigint>, id: bigint): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((ids[mid] ?? 0n) < id) low = mid + 1;
    else high = mid;
  }
  return ids[low] === id ? low : -1;
}
