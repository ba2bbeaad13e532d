/** Which experiment this is, whether it is what a link promised, and what concerns the whole page. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { EXAMPLES, openExample } from "../share/examples";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { count } from "../ui/format";
import { Icon, type IconName } from "../ui/Icon";

export function Header() {
  return (
    <header class="header">
      <h1>
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
          <circle cx="16" cy="16" r="11.5" class="logo-ring" />
          <path d="M16 4.5Q15 14 25.960 21.750" class="logo-path" />
          <circle cx="16" cy="4.500" r="4" class="logo-a" />
          <circle cx="25.960" cy="21.750" r="4" class="logo-b" />
          <circle cx="6.040" cy="21.750" r="3.400" class="logo-c" />
        </svg>
        Ringside
      </h1>
      <PresetChoice />
      <VerdictBadge />
      <div class="header-end">
        <ThemeButton />
        <button type="button" class="quiet icon-only keyboard" title="Keyboard shortcuts (?)" aria-label="Keyboard shortcuts" onClick={() => (store.sheet.value = true)}>
          <Icon name="keys" />
        </button>
        <button type="button" class="primary" title="Copy a link to this very run (S)" disabled={!store.run.value} onClick={() => void actions.share()}>
          <Icon name="share" /> Share
        </button>
      </div>
    </header>
  );
}

/** Presets and examples in one list; the latter have values that no preset's name can have. */
const EXAMPLE = "example:";

function PresetChoice() {
  const { value: example } = store.example;
  const current = example === null ? (store.run.value?.preset ?? "") : EXAMPLE + example;
  // What was chosen is shown at once, until it is open or could not be opened.
  const chosen = useSignal<string | null>(null);
  useSignalEffect(() => {
    const [opening, trouble] = [store.opening.value, store.trouble.value];
    if (opening === null || trouble !== null) chosen.value = null;
  });
  const open = (value: string): void => {
    chosen.value = value;
    if (value.startsWith(EXAMPLE)) void openExample(value.slice(EXAMPLE.length));
    else actions.openPreset(value);
  };
  return (
    <label class="preset">
      <span class="unseen">Experiment</span>
      <select value={chosen.value ?? current} disabled={store.presets.value.length === 0} onChange={(event) => open(event.currentTarget.value)}>
        <optgroup label="Experiments">
          {store.presets.value.map((preset) => <option key={preset.name} value={preset.name}>{preset.title}</option>)}
        </optgroup>
        <optgroup label="Examples">
          {EXAMPLES.map(({ name, title }) => <option key={name} value={EXAMPLE + name}>{title}</option>)}
        </optgroup>
      </select>
    </label>
  );
}

function VerdictBadge() {
  const verdict = store.verdict.value;
  if (verdict.kind === "none") return null;
  const texts = {
    pending: () => `Will be checked at tick ${count(verdict.kind === "pending" ? verdict.tick : 0)}`,
    reproduced: () => `Reproduced, bit for bit, at tick ${count(verdict.kind === "reproduced" ? verdict.tick : 0)}`,
    differs: () => (verdict.kind === "differs" ? `Differs between tick ${count(verdict.same_until)} and ${count(verdict.tick)}` : ""),
  };
  return (
    <output class={`verdict ${verdict.kind}`} data-verdict={verdict.kind}>
      {verdict.kind === "reproduced" && <Icon name="check" />}
      {verdict.kind === "differs" && <Icon name="differs" />}
      {texts[verdict.kind]()}
    </output>
  );
}

const THEMES: Record<store.Theme, { next: store.Theme; icon: IconName; label: string }> = {
  auto: { next: "light", icon: "auto", label: "Colours: as the system" },
  light: { next: "dark", icon: "sun", label: "Colours: light" },
  dark: { next: "auto", icon: "moon", label: "Colours: dark" },
};

function ThemeButton() {
  const { next, icon, label } = THEMES[store.theme.value];
  return (
    <button type="button" class="quiet icon-only" title={label} aria-label={label} onClick={() => (store.theme.value = next)}>
      <Icon name={icon} />
    </button>
  );
}
