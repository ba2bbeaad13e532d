/** Claims tab: claims of the documents, and their checks beside the run. */
import { useEffect } from "preact/hooks";
import { formHash } from "../share/link";
import { openClaim } from "../store/actions";
import * as store from "../store/claims";
import type { Document } from "../store/claims";
import { count } from "../ui/format";
import { Icon, type IconName } from "../ui/Icon";
import { Sensitivity } from "./Sensitivity";
import type { Claim, Finding } from "../wasm/ringside_wasm.js";

const ICONS: Record<Finding["verdict"], IconName> = {
  "reproduced": "check", "only-if": "auto", "not-reproduced": "close", "undecided": "unsure",
};

/** Claims panel, a chunk of its own. */
export default function ClaimsPanel() {
  useEffect(store.load, []);
  return (
    <>
      <section aria-label="Check" class="check">
        <p class="hint">
          Each claim is checked by an experiment over several random seeds, which runs here in a separate worker.
        </p>
        <Controls />
        {store.failure.value !== null && (
          <p class="refused" role="alert">
            {store.claims.value.length === 0 ? "The claims could not be loaded" : "The check has failed"}: {store.failure.value}{" "}
            {store.claims.value.length === 0 && <button type="button" onClick={store.load}>Try again</button>}
          </p>
        )}
        {store.tally.value.length > 0 && (
          <ul class="tally" aria-label="Verdicts so far">
            {store.tally.value.map(([verdict, { words, count: times }]) => <li key={verdict}><Mark verdict={verdict} /> {times} {words}</li>)}
          </ul>
        )}
      </section>
      {store.claims.value.length > 0
        ? store.documents.value.map((document) => <Chapter key={document.number} document={document} />)
        : store.failure.value === null && <p class="hint" role="status">Loading the claims…</p>}
      {store.claims.value.length > 0 && <Sensitivity />}
    </>
  );
}

function Controls() {
  const progress = store.progress.value;
  const all = (): void => store.check(store.claims.value.map(({ id }) => id));
  return (
    <>
      <div class="line">
        {progress
          ? <button type="button" class="danger" onClick={store.cancel}>Cancel</button>
          : <button type="button" class="primary" disabled={store.claims.value.length === 0} onClick={all}>Check all {store.claims.value.length || ""}</button>}
        <div class="segmented" role="group" aria-label="Effort">
          <Effort label="Quick" quick /><Effort label="Thorough" quick={false} />
        </div>
      </div>
      <div class="progress-line">
        <div
          class="bar" role="progressbar" aria-label="Completed runs" aria-valuemin={0} aria-valuemax={progress?.size ?? 0}
          aria-valuenow={progress?.done ?? 0} hidden={!progress}
        >
          <i style={{ transform: `scaleX(${progress ? progress.done / Math.max(1, progress.size) : 0})` }} />
        </div>
        <span class="hint">
          {progress ? `${count(progress.done)} of ${progress.size === 0 ? "…" : count(progress.size)} runs` : effortText()}
        </span>
      </div>
    </>
  );
}

function effortText(): string {
  return store.quick.value
    ? "Quick: 4 random seeds, long experiments shortened; all claims take several minutes."
    : "Thorough: 10 random seeds at full length; all claims take half an hour.";
}

function Effort({ label, quick }: { label: string; quick: boolean }) {
  return (
    <label>
      <input
        type="radio" name="effort" checked={store.quick.value === quick} disabled={store.progress.value !== null}
        onChange={() => (store.quick.value = quick)}
      />
      <span>{label}</span>
    </label>
  );
}

/** The claims of one document, with its verdicts so far. */
function Chapter({ document: { number, title, claims } }: { document: Document }) {
  const progress = store.progress.value;
  const heading = `Document ${number}: ${title}`;
  return (
    <details class="section chapter" data-document={number} open={number === "000"}>
      <summary>
        <span>{heading}</span>
        <Verdicts claims={claims} />
      </summary>
      <p class="line">
        <button type="button" disabled={progress !== null} aria-label={`Check the ${claims.length} claims of document ${number}`} onClick={() => store.check(claims.map(({ id }) => id))}>
          Check these {claims.length}
        </button>
      </p>
      <ul class="claims" aria-label={heading}>{claims.map((claim) => <ClaimRow key={claim.id} claim={claim} />)}</ul>
    </details>
  );
}

/** The verdicts on some claims, counted; how many claims there are if none has been checked. */
function Verdicts({ claims }: { claims: Claim[] }) {
  const counted = store.count(claims.flatMap(({ id }) => store.findings.value.get(id) ?? []));
  if (counted.length === 0) return <span class="hint">{claims.length} claims</span>;
  return (
    <span class="tally">
      {counted.map(([verdict, { words, count: times }]) => <span key={verdict} role="img" aria-label={`${times} ${words}`} title={words}><Mark verdict={verdict} /> {times}</span>)}
    </span>
  );
}

function ClaimRow({ claim }: { claim: Claim }) {
  const { id, section, text, expected, link } = claim;
  const finding = store.findings.value.get(id);
  const progress = store.progress.value;
  const running = progress?.ids.has(id) === true && !finding;
  return (
    <li data-claim={id} data-verdict={finding?.verdict ?? ""}>
      <p class="claim-head">
        {finding
          ? <strong><Mark verdict={finding.verdict} /> {finding.words}</strong>
          : <span class="hint">{running ? "Checking…" : "Not checked"}</span>}
        <span class="hint">{section}</span>
      </p>
      <p>{text}</p>
      {finding
        ? (
          <>
            <p class="claim-value"><b>{finding.value}</b> <span class="hint">{finding.seeds} random seeds{finding.quick ? ", shortened" : ", full length"}</span></p>
            <p class="hint">{finding.sentence}</p>
          </>
        )
        : <p class="hint">Expected: {expected}.</p>}
      <p class="line">
        <button type="button" disabled={progress !== null} aria-label={`${finding ? "Check again" : "Check"} ${id}`} onClick={() => store.check([id])}>
          {finding ? "Check again" : "Check"}
        </button>
        <a class="button" href={formHash(link)} aria-label={`Open its run: ${id}`} onClick={(event) => openRun(event, claim)}>Open its run</a>
      </p>
    </li>
  );
}

/** Opens the run here and runs it to the point of the claim; a new tab opens the link as it is. */
function openRun(event: MouseEvent, claim: Claim): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openClaim(claim);
}

function Mark({ verdict }: { verdict: Finding["verdict"] }) {
  return <span class={`mark ${verdict}`}><Icon name={ICONS[verdict]} /></span>;
}
