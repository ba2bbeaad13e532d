/** Row of a knob: a slider, a field, a switch or a list, by its kind. */
import { useSignal, type Signal } from "@preact/signals";
import * as actions from "../store/actions";
import { sentence } from "../store/text";
import * as store from "../store/store";
import { count } from "../ui/format";
import type { Knob, KnobValue } from "../wasm/ringside_wasm.js";
import { nameOf } from "./knobs";

/** Maximum number of steps at which a slider can be set to an exact value. */
const MAX_SLIDER_STEPS = 400;

/** `list` distinguishes the ids of two rows for the same knob. */
export function KnobRow({ knob, list }: { knob: Knob; list: string }) {
  const value = store.edits.value.get(knob.path) ?? knob.value;
  const base = store.run.value?.baseline.find(({ path }) => path === knob.path)?.value;
  const changed = base !== undefined && base !== value;
  const isPending = !knob.live && value !== knob.value;
  const id = `${list}-${knob.path.replaceAll(".", "-")}`;
  return (
    <div class={`knob${changed ? " changed" : ""}`} data-knob={knob.path}>
      <label for={id}>{nameOf(knob)}</label>
      <div class="knob-control">
        <Control id={id} knob={knob} value={value} />
        <span class="unit">{knob.unit}</span>
        <button
          type="button" class="quiet reset" aria-label={`Reset ${nameOf(knob)} to ${String(base ?? "")}`} title={`Preset: ${String(base ?? "")}`}
          disabled={!changed} onClick={() => base !== undefined && actions.setKnob(knob.path, base)}
        >
          ↺
        </button>
      </div>
      <p class="meaning">
        {sentence(knob.meaning)} {rangeText(knob)}{" "}
        {!knob.live && <em class={isPending ? "waits" : ""}>{isPending ? "Takes effect after the restart." : "Takes effect after restart."}</em>}
      </p>
    </div>
  );
}

/** Width of a number field beyond its digits: padding, and the buttons of some browsers. */
const FIELD_CH = 5;

function rangeText(knob: Knob): string {
  switch (knob.kind.type) {
    case "count":
      return `${count(knob.kind.min)} to ${count(knob.kind.max)}.`;
    case "share":
      return `0 to ${knob.kind.max * 100} %.`;
    case "switch":
    case "choice":
      return "";
  }
}

function Control({ id, knob, value }: { id: string; knob: Knob; value: KnobValue }) {
  const set = (next: KnobValue): void => actions.setKnob(knob.path, next);
  const draft = useSignal<number | null>(null);
  const { kind } = knob;
  switch (kind.type) {
    case "share":
      return (
        <>
          <Slider id={id} min={0} max={kind.max} step={0.01} value={Number(value)} draft={draft} set={set} />
          <output class="share">{Math.round((draft.value ?? Number(value)) * 1000) / 10} %</output>
        </>
      );
    case "count":
      return (
        <>
          {kind.max - kind.min <= MAX_SLIDER_STEPS && (
            <Slider label={`${nameOf(knob)}, slider`} min={kind.min} max={kind.max} step={1} value={Number(value)} draft={draft} set={set} />
          )}
          <input
            id={id} type="number" min={kind.min} max={kind.max} step={1} value={draft.value ?? Number(value)}
            style={{ width: `${Math.max(4, String(draft.value ?? value).length) + FIELD_CH}ch` }}
            onChange={(event) => {
              const next = event.currentTarget.valueAsNumber;
              // Values out of range are clamped visibly.
              if (Number.isFinite(next)) set(Math.min(kind.max, Math.max(kind.min, Math.round(next))));
              event.currentTarget.value = String(store.edits.value.get(knob.path) ?? knob.value);
            }}
          />
        </>
      );
    case "switch":
      return <input id={id} type="checkbox" class="switch" role="switch" checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />;
    case "choice":
      return (
        <select id={id} value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {kind.options.map((option) => <option key={option} value={option}>{option.replaceAll(/[_-]/g, " ")}</option>)}
        </select>
      );
  }
}

interface SliderProps {
  id?: string;
  label?: string;
  min: number;
  max: number;
  step: number;
  value: number;
  /** Position of the thumb while it is dragged. */
  draft: Signal<number | null>;
  set: (value: number) => void;
}

/** Slider that sets its value only when it is released, since each change is a command in the log. */
function Slider({ id, label, min, max, step, value, draft, set }: SliderProps) {
  return (
    <input
      id={id} aria-label={label} type="range" min={min} max={max} step={step} value={draft.value ?? value}
      onInput={(event) => (draft.value = event.currentTarget.valueAsNumber)}
      onChange={(event) => {
        draft.value = null;
        set(event.currentTarget.valueAsNumber);
      }}
    />
  );
}
