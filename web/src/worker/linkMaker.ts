/** Links of a run. The fingerprint of a large world is computed in slices, during which the run stands still. */
import type { Simulation } from "../wasm/ringside_wasm.js";
import { asFailure } from "./failure";
import type { Response } from "./workerMessages";

/** Milliseconds of work between two messages of the page. */
const SLICE_MS = 9;

type Respond = (response: Response) => void;

export class LinkMaker {
  private respond: Respond | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** Does work that calls into wasm. */
    private readonly guard: (work: () => void) => void,
    /** Called when the run may move again. */
    private readonly onDone: () => void,
  ) {}

  get isBusy(): boolean {
    return this.respond !== null;
  }

  /** Makes a link to the run so far, which is between two ticks. A link that is being made is given up. */
  make(sim: Simulation, respond: Respond): void {
    this.cancel();
    this.respond = respond;
    this.continue(sim);
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.finish({ cancelled: true });
  }

  private continue(sim: Simulation): void {
    if (sim.name(SLICE_MS) === undefined) this.timer = setTimeout(() => this.guard(() => this.continue(sim)));
    else this.finish(this.linkOrFailure(sim));
  }

  private finish(response: Response): void {
    const { respond } = this;
    this.respond = null;
    respond?.(response);
    if (respond) this.onDone();
  }

  /** Failure if the run has too many commands for a link. */
  private linkOrFailure(sim: Simulation): Response {
    try {
      return { link: sim.link() };
    } catch (thrown) {
      return { failure: asFailure(thrown) };
    }
  }
}
