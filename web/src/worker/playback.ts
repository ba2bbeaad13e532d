/** Playback: steps a run whenever its clock says that the next tick is due. */
import type { PlaybackClock } from "./playbackClock";
import type { World } from "./world";

/** Advances the run to `end` at most, by the ticks that are due, within a budget of milliseconds. */
export function advance(world: World, clock: PlaybackClock, end: number, budgetMs: number): void {
  const begun = performance.now();
  if (clock.tickMs === 0) {
    world.runTo(end, budgetMs);
    return;
  }
  clock.skipLag(begun);
  while (clock.msUntilDue(performance.now()) === 0 && performance.now() - begun < budgetMs && world.tick < end) {
    if (!world.stepEvent(budgetMs)) return;
    clock.stepped(world.tick);
  }
}
