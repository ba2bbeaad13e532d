/** Run tab: facts of the run, scenario files and exports. */
import { useRef } from "preact/hooks";
import { openFile } from "../share/scenarioFiles";
import { download, historyCsv } from "../share/files";
import * as actions from "../store/actions";
import { request } from "../store/workerClient";
import * as store from "../store/store";
import { count, plural, slug } from "../ui/format";
import { currentRing } from "./currentRing";

export function RunPanel() {
  const run = store.run.value;
  const preset = store.presets.value.find(({ name }) => name === run?.preset);
  if (!run) return <p class="hint">No experiment is open.</p>;
  return (
    <>
      <section aria-label="Experiment">
        <h2>{preset?.title ?? run.preset}</h2>
        <p>{preset?.summary}</p>
        <dl class="facts">
          <dt>Random seed</dt><dd><code data-seed={run.seed}>{run.seed}</code></dd>
          <dt>Length</dt><dd>{plural(run.rounds, "round")} of {plural(run.ticksPerRound, "tick")}</dd>
          <dt>Commands</dt><dd>{count(store.commands.value.length)}</dd>
          <dt>Fingerprint</dt><dd><code>{store.fingerprint.value ?? "shown while paused"}</code></dd>
        </dl>
        <p class="hint">Scenario, random seed and commands determine every bit of the run: a link gives the same fingerprint on any machine.</p>
      </section>
      <Scenario />
      <Exports name={slug(`ringside-${run.preset}-${run.seed}`)} />
    </>
  );
}

function Scenario() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <section aria-label="Scenario">
      <h2>Scenario</h2>
      <div class="line">
        <button type="button" onClick={() => input.current?.click()}>Open a file…</button>
        <button type="button" onClick={() => void exportScenario()}>Export as JSON</button>
        <button type="button" onClick={actions.openDefault}>Default experiment</button>
        <input
          ref={input} type="file" accept=".json,application/json" class="unseen" tabIndex={-1} aria-label="Scenario file"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void openFile(file);
            event.currentTarget.value = "";
          }}
        />
      </div>
      <p class="hint">
        A file can also be dropped anywhere on the page.{" "}
        <button type="button" class="link" onClick={() => (store.shortcutsOpen.value = true)}>Keyboard shortcuts</button>
      </p>
    </section>
  );
}

async function exportScenario(): Promise<void> {
  const response = await request("scenario");
  if (!("scenario" in response)) return;
  const text = `${JSON.stringify(response.scenario, null, 2)}\n`;
  download("ringside-scenario.json", new Blob([text], { type: "application/json" }));
}

function Exports({ name }: { name: string }) {
  return (
    <section aria-label="Exports">
      <h2>Data and picture</h2>
      <div class="line">
        <button
          type="button" disabled={!store.history.value}
          onClick={() => store.history.value && download(`${name}.csv`, new Blob([historyCsv(store.history.value)], { type: "text/csv" }))}
        >
          History as CSV
        </button>
        <button
          type="button"
          onClick={() => void currentRing.value?.png().then((blob) => blob && download(`${name}.png`, blob))}
        >
          Ring as PNG
        </button>
      </div>
    </section>
  );
}
