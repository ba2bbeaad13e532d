/** Throttles a callback to one call per `ms` milliseconds, with the newest value. */
export function throttle<T>(ms: number, emit: (value: T) => void, now: () => number = () => performance.now()): (value: T) => void {
  let last = -Infinity;
  let waiting: { value: T } | null = null;
  return (value) => {
    const rest = last + ms - now();
    if (rest <= 0 && !waiting) {
      last = now();
      emit(value);
      return;
    }
    if (!waiting) {
      setTimeout(() => {
        const newest = waiting;
        waiting = null;
        last = now();
        if (newest) emit(newest.value);
      }, rest);
    }
    waiting = { value };
  };
}
