/** Header: choice of the experiment, reproduction of a link, theme, shortcuts and sharing. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { EXAMPLES, openExample } from "../share/examples";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { count } from "../ui/format";
import { Icon, type IconName } from "../ui/Icon";
import type { ReproductionStatus } from "../wasm/ringside_wasm.js";

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
      <ReproductionBadge />
      <div class="header-end">
        <ThemeButton />
        <button type="button" class="quiet icon-only keyboard" title="Keyboard shortcuts (?)" aria-label="Keyboard shortcuts" onClick={() => (store.shortcutsOpen.value = true)}>
          <Icon name="keys" />
        </button>
        <button type="button" class="primary" title="Copy a link to this run (S)" disabled={!store.run.value} onClick={() => void actions.share()}>
          <Icon name="share" /> Share
        </button>
      </div>
    </header>
  );
}

/** Prefix of the values of examples in the list, which no name of a preset has. */
const EXAMPLE = "example:";

function PresetChoice() {
  const { value: example } = store.example;
  const current = example === null ? (store.run.value?.preset ?? "") : EXAMPLE + example;
  // The choice is shown at once, until it is open or has failed to open.
  const chosen = useSignal<string | null>(null);
  useSignalEffect(() => {
    const [opening, error] = [store.opening.value, store.pageError.value];
    if (opening === null || error !== null) chosen.value = null;
  });
  const open = (value: string): void => {
    chosen.value = value;
    if (!value.startsWith(EXAMPLE)) return actions.openPreset(value);
    void openExample(value.slice(EXAMPLE.length)).then((opened) => {
      if (!opened) chosen.value = null;
    });
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

function ReproductionBadge() {
  const status = store.reproduction.value;
  // It speaks of the link in the address, which a command or another link replaces.
  if (status.kind === "none" || store.openedLink.value === null || store.openedLink.value !== store.address.value) return null;
  return (
    <output class={`verdict ${status.kind}`} data-verdict={status.kind}>
      {status.kind === "reproduced" && <Icon name="check" />}
      {status.kind === "differs" && <Icon name="differs" />}
      {reproductionText(status)}
    </output>
  );
}

function reproductionText(status: Exclude<ReproductionStatus, { kind: "none" }>): string {
  switch (status.kind) {
    case "pending":
      return `Will be checked at tick ${count(status.tick)}`;
    case "reproduced":
      return `Reproduced, bit for bit, at tick ${count(status.tick)}`;
    case "differs":
      return `Differs between tick ${count(status.same_until)} and ${count(status.tick)}`;
  }
}

const THEMES: Record<store.Theme, { next: store.Theme; icon: IconName; label: string }> = {
  auto: { next: "light", icon: "auto", label: "Colours: system" },
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
