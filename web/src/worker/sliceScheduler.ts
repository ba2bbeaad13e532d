/**
 * Schedules the slices of the worker's loop, so that messages from the page are handled between two of
 * them.
 */
export class SliceScheduler {
  private readonly channel = new MessageChannel();
  private isQueued = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly runSlice: () => void) {
    // Browsers clamp nested timers of 0 ms to 4 ms; messages are not clamped.
    this.channel.port1.onmessage = () => {
      this.isQueued = false;
      this.runSlice();
    };
  }

  /** Runs a slice after the messages that are queued already. */
  soon(): void {
    if (this.isQueued) return;
    this.isQueued = true;
    this.channel.port2.postMessage(null);
  }

  /** Runs a slice after a delay; a delay of 1 ms or less is `soon`. */
  after(milliseconds: number): void {
    if (milliseconds > 1) this.timer = setTimeout(this.runSlice, milliseconds);
    else this.soon();
  }

  /** Cancels the slice that waits for a delay, if any. */
  cancelDelayed(): void {
    clearTimeout(this.timer);
  }
}
