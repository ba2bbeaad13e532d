/** Time of a run in milliseconds. */
import * as store from "../store/store";

/** Length of a tick in milliseconds. */
export const tickMs = (): number => Number(store.knobs.value.find(({ path }) => path === "time.tick_ms")?.value ?? 1);
