/** When the loop takes its next turn. */
export class Turns {
  private readonly channel = new MessageChannel();
  private isDue = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly turn: () => void) {
    // A timer of zero is held back to 4 ms after a few rounds; a message is not.
    this.channel.port1.onmessage = () => {
      this.isDue = false;
      this.turn();
    };
  }

  /** As soon as the messages have been looked at that are there. */
  soon(): void {
    if (this.isDue) return;
    this.isDue = true;
    this.channel.port2.postMessage(null);
  }

  /** After a while; below a millisecond that is soon. */
  after(milliseconds: number): void {
    if (milliseconds > 1) this.timer = setTimeout(this.turn, milliseconds);
    else this.soon();
  }

  /** Do not wait for a turn that was to come after a while. */
  forget(): void {
    clearTimeout(this.timer);
  }
}
