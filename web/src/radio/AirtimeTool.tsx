/** Tool for the time on the air of a frame: what `ringside airtime` tells, for all spreading factors. */
import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { durationText } from "../sessions/bars";
import * as store from "../store/store";
import { Study } from "../studies/study";
import { count } from "../ui/format";
import type { Airtime } from "../wasm/ringside_wasm.js";
import "../studies/studies.css";
import "./airtime.css";

const SPREADINGS = [5, 6, 7, 8, 9, 10, 11, 12];

/** Frame that is asked for. Bandwidth and region are options of their knobs. */
interface Frame { bandwidth: number; codingRate: number; bytes: number; preamble: number; implicit: boolean; crc: boolean; region: number; khz: number }

const study = new Study();
const answers = signal<Airtime[]>([]);
const frame = signal<Frame>({ bandwidth: 0, codingRate: 5, bytes: 64, preamble: 8, implicit: false, crc: true, region: 0, khz: 0 });

const knob = (path: string) => store.knobs.value.find((one) => one.path === path);
const options = (path: string): string[] => {
  const kind = knob(path)?.kind;
  return kind?.type === "choice" ? kind.options : [];
};
const present = (path: string): number => Math.max(0, options(path).indexOf(String(knob(path)?.value)));

/** The frame of the present scenario. */
function ofScenario(): Frame {
  const number = (path: string, otherwise: number): number => Number(knob(path)?.value ?? otherwise);
  return {
    ...frame.peek(),
    bandwidth: present("radio.bandwidth"), region: present("radio.region"), codingRate: number("radio.coding_rate", 5),
    preamble: number("radio.preamble", 8), implicit: knob("radio.implicit_header")?.value === true, crc: knob("radio.crc")?.value !== false,
  };
}

function ask(): void {
  const { bandwidth, codingRate, bytes, preamble, implicit, crc, region, khz } = frame.value;
  const frames = SPREADINGS.map((sf) => [sf, bandwidth, codingRate, bytes, preamble, Number(implicit), Number(crc), region, khz]);
  study.start({ kind: "airtime", frames }, (message) => {
    if (message.type === "airtime") answers.value = message.answers;
    return 1;
  });
}

export default function AirtimeTool() {
  useEffect(() => {
    frame.value = ofScenario();
    const stop = effect(ask);
    return () => {
      stop();
      study.end();
    };
  }, []);
  const state = study.state.value;
  return (
    <figure class="chart" data-chart="airtime" data-answers={answers.value.length}>
      <div class="chart-head"><h2>Time on the air</h2></div>
      <p class="subtitle">One LoRa frame by spreading factor, and what the law of the region makes of it; bars are to scale, the preamble darker</p>
      <Form />
      {state.kind === "failed" && <p class="refused" role="alert">{state.message}</p>}
      {answers.value.length > 0 && <Answers />}
    </figure>
  );
}

function Form() {
  const now = frame.value;
  const set = (change: Partial<Frame>): void => void (frame.value = { ...now, ...change });
  const number = (name: string, key: "bytes" | "codingRate" | "preamble" | "khz", min: number, max: number) => (
    <label>
      <span>{name}</span>
      <input
        type="number" min={min} max={max} value={now[key]}
        onChange={({ currentTarget }) => set({ [key]: Math.min(max, Math.max(min, Math.round(currentTarget.valueAsNumber || 0))) })}
      />
    </label>
  );
  const choice = (name: string, key: "bandwidth" | "region", path: string, unit = "") => (
    <label>
      <span>{name}</span>
      <select value={now[key]} onChange={({ currentTarget }) => set({ [key]: Number(currentTarget.value) })}>
        {options(path).map((option, index) => <option key={option} value={index}>{option}{unit}</option>)}
      </select>
    </label>
  );
  const check = (name: string, key: "implicit" | "crc") => (
    <label class="check"><input type="checkbox" checked={now[key]} onChange={({ currentTarget }) => set({ [key]: currentTarget.checked })} /><span>{name}</span></label>
  );
  return (
    <form class="airtime-form" aria-label="Frame" onSubmit={(event) => event.preventDefault()}>
      {number("bytes", "bytes", 0, 256)}
      {choice("bandwidth", "bandwidth", "radio.bandwidth", " kHz")}
      {choice("region", "region", "radio.region")}
      {number("coding rate, 4 of", "codingRate", 5, 8)}
      {number("preamble, symbols", "preamble", 6, 65_535)}
      {number("frequency, kHz (0: first channel)", "khz", 0, 4_000_000)}
      {check("implicit header", "implicit")}
      {check("checksum", "crc")}
    </form>
  );
}

const ms = (us: number): string => `${(us / 1_000).toFixed(1)} ms`;

/** The law in a few words. */
function lawText(answer: Airtime): string {
  const law = answer.region;
  switch (law?.law) {
    case "frames":
      return law.budget_ms === null ? "no duty cycle" : `${count(law.frames_per_hour)} frames an hour, one every ${durationText(law.every_ms)}`;
    case "outside_band":
      return `no frame: the band is ${law.from_khz} to ${law.to_khz} kHz`;
    case "too_long":
      return `too long: at most ${law.limit_ms} ms${law.longest_bytes === null ? "" : `, ${law.longest_bytes} bytes`}`;
    case undefined:
      return "–";
  }
}

function Answers() {
  const longest = Math.max(1, ...answers.value.map(({ airtime_us }) => airtime_us));
  const allowed = answers.value.filter(({ region }) => region?.law === "frames").length;
  return (
    <>
      <div class="table-scroll" role="region" aria-label="Time on the air by spreading factor" tabIndex={0}>
        <table class="picture-table airtime-table">
          <thead><tr><th>SF</th><th>on the air</th><th>by the law</th><th>preamble and payload</th></tr></thead>
          <tbody>
            {answers.value.map((answer, index) => (
              <tr key={index} data-sf={SPREADINGS[index]} data-law={answer.region?.law}>
                <td class="number">{SPREADINGS[index]}</td>
                <td class="number">{ms(answer.airtime_us)}</td>
                <td>{lawText(answer)}</td>
                <td>
                  <svg class="strip" viewBox="0 0 1000 10" preserveAspectRatio="none" height="12" role="img" aria-label={`preamble ${ms(answer.preamble_us)}, ${answer.payload_symbols} symbols of ${ms(answer.symbol_us)} for the payload`}>
                    <rect class={answer.region?.law === "frames" ? "f-connected" : "f-danger"} opacity="0.55" width={(1_000 * answer.airtime_us) / longest} height="10" />
                    <rect class={answer.region?.law === "frames" ? "f-connected" : "f-danger"} width={(1_000 * answer.preamble_us) / longest} height="10" />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption><span>The law allows a frame of {count(frame.value.bytes)} bytes at {count(allowed)} of {SPREADINGS.length} spreading factors.</span></figcaption>
    </>
  );
}
