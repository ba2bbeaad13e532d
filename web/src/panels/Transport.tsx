/** Transport: play, steps, speed, and the time scale. */
import * as actions from "../store/actions";
import { violations } from "../store/invariants";
import * as store from "../store/store";
import { count } from "../ui/format";
import { Icon } from "../ui/Icon";
import type { SeekPurpose } from "../worker/workerMessages";

export function Transport() {
  const idle = !store.run.value || store.pageError.value?.kind === "panic";
  const playing = store.busy.value;
  return (
    <section class="transport" aria-label="Time">
      <Progress />
      <div class="transport-row">
        <div class="group">
          <button type="button" class="quiet icon-only" title="Restart (R)" aria-label="Restart" disabled={idle} onClick={() => actions.restart()}><Icon name="restart" /></button>
          <button type="button" class="quiet icon-only" title="New seed (N)" aria-label="New seed" disabled={idle} onClick={() => void actions.newSeed()}><Icon name="dice" /></button>
        </div>
        <div class="group main">
          <button type="button" class="play" title={playing ? "Pause (Space)" : "Play (Space)"} aria-label={playing ? "Pause" : "Play"} disabled={idle} onClick={actions.toggle}>
            <Icon name={playing ? "pause" : "play"} />
          </button>
          <button type="button" class="quiet icon-only" title="Step to the next active tick (.)" aria-label="Step" disabled={idle} onClick={() => actions.step("event")}><Icon name="step" /></button>
          <button type="button" class="quiet icon-only" title="Step one round (Shift + .)" aria-label="Step one round" disabled={idle} onClick={() => actions.step("round")}><Icon name="round" /></button>
          <button type="button" class="quiet icon-only" title="Run to the end of the experiment" aria-label="Run to the end" disabled={idle} onClick={actions.finish}><Icon name="finish" /></button>
        </div>
        <SpeedChoice />
      </div>
    </section>
  );
}

const SPEED_LABELS = ["¼", "½", "1", "2", "5", "10", "30", "max"];

function SpeedChoice() {
  return (
    <div class="speed">
      <span class="speed-unit" aria-hidden="true">rounds/s</span>
      <div class="segmented" role="radiogroup" aria-label="Speed in rounds per second">
        {SPEED_LABELS.map((label, i) => (
          <label key={label} title={`Key ${i + 1}`}>
            <input type="radio" name="speed" value={i} checked={store.speed.value === i} onChange={() => actions.setSpeed(i)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

function Progress() {
  const run = store.run.value;
  const metrics = store.metrics.value;
  const mode = store.mode.value;
  const total = run ? run.rounds * run.ticksPerRound : 0;
  const tick = metrics?.tick ?? 0;
  // The clock shows the tick of the ring above it, which is drawn more often than figures are sent.
  const round = Math.floor((store.frameTick.value ?? tick) / (run?.ticksPerRound ?? 1));
  const past = round - (run?.rounds ?? round);
  const seeking = mode.kind === "seeking" ? mode : null;
  const waiting = seeking ? null : store.waiting.value;
  const scale = Math.max(1, total, store.reached.value);
  const isBackground = seeking !== null && seeking.purpose !== "show";
  const share = isBackground ? (tick - seeking.from) / Math.max(1, seeking.to - seeking.from) : tick / scale;
  return (
    <div class={`progress${seeking ? " seeking" : ""}${seeking || waiting || store.ended.value ? " telling" : ""}`}>
      <div class="bar" aria-hidden="true">
        <i style={{ transform: `scaleX(${share})` }} />
        {violations.value.map(({ id, tick: at }) => <b key={id} class="violation-mark" style={{ left: `${(at / scale) * 100}%` }} />)}
      </div>
      <input
        type="range" class="scrub" min={0} max={scale} step={run?.ticksPerRound ?? 1} value={tick} disabled={!run}
        aria-label="Tick: go back or ahead in this run" aria-valuetext={past > 0 ? `Round ${count(round)}, ${count(past)} past the end` : `Round ${count(round)} of ${count(run?.rounds ?? 0)}`}
        onInput={(event) => void actions.goTo(Number(event.currentTarget.value))}
      />
      <div class="progress-text">
        <output data-tick={tick} data-round={metrics?.rounds ?? 0} data-mode={mode.kind}>
          round <b>{run ? count(round) : "–"}</b> {past > 0 ? `(${count(past)} past the end)` : run && `of ${count(run.rounds)}`}
        </output>
        {waiting
          ? (
            <span role="status" data-waiting={waiting}>
              {waiting === "link" ? "Making the link: its fingerprint takes a while…" : "Finishing the tick and its fingerprint…"}{" "}
              <button type="button" class="link" onClick={actions.cancelWork}>Cancel</button>
            </span>
          )
          : <span>{statusText(seeking, store.ended.value)}</span>}
        {seeking && <button type="button" class="link" onClick={actions.pause}>Cancel</button>}
        <output class="fingerprint" data-fingerprint={store.fingerprint.value ?? ""} title="Hash of the whole state: equal fingerprints mean equal runs">
          {store.fingerprint.value ?? "················"}
        </output>
      </div>
    </div>
  );
}

function statusText(seeking: { purpose: SeekPurpose; to: number } | null, ended: boolean): string {
  if (seeking?.purpose === "check") return `Running to tick ${count(seeking.to)} to check the link…`;
  if (seeking?.purpose === "show") return `Going to tick ${count(seeking.to)}…`;
  if (seeking) return "Running to the end…";
  return ended ? "The experiment is complete." : "";
}
