/** Ids of 64 bits: bigint inside, sixteen hexadecimal digits outside, never a number. */

export function hexOf(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16).padStart(16, "0");
}

/** The id at a turn; 48 bits of the turn are enough for the eye. */
export function idAtTurn(turn: number): bigint {
  const whole = turn - Math.floor(turn);
  return BigInt(Math.round(whole * 2 ** 48) % 2 ** 48) << 16n;
}

export function turnOf(id: bigint): number {
  return Number(BigInt.asUintN(64, id) >> 16n) / 2 ** 48;
}

/** Short enough for a label, long enough to tell peers apart. */
export function shortHex(hex: string): string {
  return hex.slice(0, 6);
}

/** The index of an id among ascending ids, or -1. */
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
