/** Radios of document 004: figures, a map with frames on the air, and the ledger of the selected host. */
import { useEffect } from "preact/hooks";
import { usePainted } from "../charts/usePainted";
import { Figure } from "../panels/Figure";
import { hexOf, shortHex } from "../ring/ids";
import { select } from "../store/actions";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count, percent, plural } from "../ui/format";
import { durationText } from "../sessions/bars";
import type { RadioMap, RadioMetrics } from "../wasm/ringside_wasm.js";
import AirtimeTool from "./AirtimeTool";
import { barsOf, nearest, nodesOf, usedMs } from "./layout";
import { paintMap, paintStrip } from "./paint";

/** Margin of the map, and reach of the pointer, in CSS pixels. */
const MARGIN = 12;
const REACH = 12;
const STRIP = 28;

export default function Radio() {
  useEffect(() => subscribe("radio"), []);
  const found = store.metrics.value?.radio;
  if (!found) return null;
  return (
    <>
      <Figures found={found} />
      {store.radio.value && <MapChart map={store.radio.value} />}
      {store.radio.value && <LedgerStrip map={store.radio.value} />}
      <AirtimeTool />
    </>
  );
}

function Figures({ found }: { found: RadioMetrics }) {
  const heard = found.heard + found.collisions;
  return (
    <section aria-label="Radio">
      <h2>Radio</h2>
      <dl class="figures">
        <Figure name="frames" value={count(found.frames)} />
        <Figure name="on the air" value={durationText(found.airtime_ms)} title="Airtime of all hosts together" />
        <Figure name="busiest hour" value={percent(found.duty_max)} share={found.duty_max} title="Of what the law allows a host in an hour" />
        <Figure name="against the law" value={count(found.violations)} title="Transmissions that were too long, or above the duty cycle" />
        <Figure name="destroyed" value={heard > 0 ? percent(found.collisions / heard) : "–"} title="Of the frames that reach a receiver" />
        <Figure name="messages complete" value={`${count(found.messages_complete)} of ${count(found.messages_sent)}`} title="A flooded message counts at each host" />
        <Figure name="given up" value={count(found.messages_failed)} />
        <Figure name="fragments repeated" value={count(found.retransmissions)} />
        <Figure name="median delay" value={found.latency_p50_ms === null ? "–" : durationText(found.latency_p50_ms)} />
      </dl>
    </section>
  );
}

function MapChart({ map }: { map: RadioMap }) {
  const canvas = usePainted((ctx, palette) => {
    const shown = store.radio.value;
    if (!shown) return;
    const size = ctx.canvas.clientWidth;
    const range = (shown.rangeM / Math.max(1, shown.areaM)) * (size - 2 * MARGIN);
    paintMap(ctx, nodesOf(shown, size, MARGIN), size, range, store.selected.value, palette);
  });
  const pick = (event: MouseEvent): void => {
    const target = event.currentTarget as HTMLCanvasElement;
    const node = nearest(nodesOf(map, target.clientWidth, MARGIN), event.offsetX, event.offsetY, REACH);
    if (node) select(node.host);
  };
  const overlaps = map.heard.filter((heard) => heard > 1).length;
  const gateways = map.gateway.filter((one) => one === 1).length;
  const km = (metres: number): string => `${(metres / 1_000).toFixed(1)} km`;
  return (
    <figure class="chart radio" data-chart="radio" data-nodes={map.host.length}>
      <div class="chart-head"><h2>Map</h2></div>
      <p class="subtitle">Hosts on a square of {km(map.areaM)}; a circle is the range of a frame on the air, {km(map.rangeM)}</p>
      <ul class="legend" aria-label="Marks">
        <li><i class="swatch filled c-connected" />host</li>
        <li><i class="swatch filled c-query" />transmitting</li>
        <li><i class="swatch filled c-danger" />frames overlap</li>
      </ul>
      <canvas ref={canvas} class="radio-map" onClick={pick} role="img" aria-label="Map of the hosts, with frames on the air" />
      <figcaption>
        <span>
          {plural(map.host.length, "host", "hosts")}{gateways > 0 && `, ${plural(gateways, "gateway", "gateways")} as squares`}.{" "}
          {plural(map.sender.length, "frame is", "frames are")} on the air; at {plural(overlaps, "host", "hosts")} frames overlap.
        </span>
      </figcaption>
    </figure>
  );
}

function LedgerStrip({ map }: { map: RadioMap }) {
  const canvas = usePainted((ctx, palette) => {
    const shown = store.radio.value;
    if (!shown) return;
    const isOver = shown.budgetMs !== null && usedMs(shown) > shown.budgetMs;
    paintStrip(ctx, barsOf(shown), ctx.canvas.clientWidth, STRIP, isOver, palette);
  });
  const host = store.selected.value;
  const used = usedMs(map);
  const text = host === null
    ? "Select a host on the map to see its transmissions of the last hour."
    : map.budgetMs === null
      ? `${shortHex(hexOf(host))} has transmitted for ${durationText(used)}; the region has no duty cycle.`
      : `${shortHex(hexOf(host))} has used ${durationText(used)} of the ${durationText(map.budgetMs)} that the law allows in an hour (${percent(used / map.budgetMs)}).`;
  return (
    <figure class="chart radio" data-chart="ledger">
      <div class="chart-head"><h2>Duty ledger</h2></div>
      <p class="subtitle">Transmissions of the selected host in the last hour, the latest at the right</p>
      <canvas ref={canvas} style={{ width: "100%", height: `${STRIP}px` }} role="img" aria-label="Transmissions of the last hour" />
      <figcaption><span>{text}</span></figcaption>
    </figure>
  );
}
