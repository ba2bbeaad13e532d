// Page objects: a browser and a server per test file, a fresh profile per page, waiting for conditions,
// never for time.
import assert from "node:assert/strict";
import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";
import { slowDown } from "./slow.mjs";

/** Timeout of a condition in milliseconds: generous, since the machine may be busy. */
const TIMEOUT_MS = 45_000;

export async function openLab(flags = []) {
  const server = await serve();
  const browser = await launch(flags);
  return {
    url: server.url,
    /**
     * Page in a profile of its own. `hash` is the fragment of the URL; `before` is called before the page
     * loads.
     */
    async visit(hash = "", options = {}, before = () => {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(server.url).origin });
      const visit = new Visit(await context.newPage(), server.url);
      await slowDown(visit.page);
      await before(visit.page);
      await visit.page.goto(server.url + hash);
      return visit;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

export class Visit {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    /** Complaints of the browser. */
    this.complaints = [];
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`uncaught: ${error.stack}`));
    page.on("requestfailed", (request) => this.complaints.push(`failed: ${request.url()}`));
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()}: ${response.url()}`);
    });
    page.on("request", (request) => {
      const own = request.url().startsWith(url) || /^(data|blob):/.test(request.url());
      if (!own) this.complaints.push(`elsewhere: ${request.url()}`);
    });
  }

  /** Closes the page, and asserts that there were no complaints. */
  async leave() {
    await this.page.context().close();
    assert.deepEqual(this.complaints, []);
  }

  ready() {
    return this.page.waitForSelector('.ring-view[data-ready="yes"]');
  }

  /** Presses a button by its exact name, within a part of the page. */
  click(name, within = "body") {
    return this.page.locator(within).getByRole("button", { name, exact: true }).click();
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  async number(selector, attribute) {
    return Number(await this.page.getAttribute(selector, attribute));
  }

  tick() {
    return this.number("[data-tick]", "data-tick");
  }

  /** Fingerprint of the state, which is computed after the state is shown. */
  async fingerprint() {
    // A phone does not show it.
    const shown = await this.page.waitForSelector('[data-fingerprint]:not([data-fingerprint=""])', { state: "attached" });
    return shown.getAttribute("data-fingerprint");
  }

  /** Waits until an attribute, as a number, satisfies a comparison. */
  until(selector, attribute, comparison, value) {
    return this.page.waitForFunction(
      ([s, a, c, v]) => {
        const found = Number(document.querySelector(s)?.getAttribute(a) ?? NaN);
        return c === ">" ? found > v : c === ">=" ? found >= v : found === v;
      },
      [selector, attribute, comparison, value],
    );
  }

  round(atLeast) {
    return this.until("[data-round]", "data-round", ">=", atLeast);
  }

  mode(kind) {
    return this.page.waitForSelector(`[data-mode="${kind}"]`);
  }

  /**
   * Pauses, and waits until the page shows the fingerprint of the state. The button is pressed once, while the page
   * plays: a run that is on its way to a tick, or has just ended, pauses by itself, and a press would start it again.
   */
  async pause() {
    await this.page.waitForFunction(() => {
      const mode = document.querySelector("[data-mode]")?.getAttribute("data-mode");
      if (mode === "playing") document.querySelector('.transport [aria-label="Pause"]').click();
      return mode === "playing" || mode === "paused";
    });
    await this.rest();
  }

  /** Waits until the run has come to rest: it is paused, and its fingerprint is known. */
  async rest() {
    await this.mode("paused");
    await this.fingerprint();
  }

  /**
   * Waits until the assertions hold, and throws the last failure if they do not. What follows from a click comes from the
   * worker, or with the next frame: it is never there at once.
   */
  async eventually(assertions) {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      try {
        return await assertions();
      } catch (failure) {
        if (!(failure instanceof assert.AssertionError) || Date.now() > deadline) throw failure;
      }
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /**
   * Holds the worker: it takes no message until the function that is returned is called. Its request for a
   * file that is synchronous waits for the answer.
   */
  async hold() {
    const [worker] = this.page.workers();
    const file = `${this.url}held`;
    let release;
    const released = new Promise((resolve) => (release = resolve));
    const held = new Promise((resolve) => {
      void this.page.context().route(file, async (route) => {
        resolve();
        await released;
        await route.fulfill({ body: "" });
      }, { times: 1 }).then(() => worker.evaluate((address) => {
        const request = new XMLHttpRequest();
        request.open("GET", address, false);
        request.send();
      }, file));
    });
    await held;
    return release;
  }

  /** Presses the button that a selector names as soon as it is there: it may be gone after the next frame. */
  clickAtOnce(selector) {
    return this.page.waitForFunction((s) => {
      const button = document.querySelector(s);
      button?.click();
      return button !== null;
    }, selector);
  }

  /** Waits for the focus, which a form moves after it is drawn. */
  focused(id) {
    return this.page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);
  }

  /** Waits until the text of an element matches, and returns it. */
  text(selector, expected) {
    return this.eventually(async () => {
      const text = await this.page.textContent(selector);
      assert.match(text, expected);
      return text;
    });
  }

  /** Waits until a number of elements is there. */
  count(selector, expected) {
    return this.eventually(async () => assert.equal(await this.page.locator(selector).count(), expected, selector));
  }

  /** Pixels of the ring as a data URL. */
  pixels() {
    return this.page.evaluate(() => document.querySelector("canvas.ring").toDataURL());
  }

  /** Waits for the run of a preset other than the present one: that of a file takes a while to open. */
  running(preset) {
    return this.page.waitForFunction((name) => document.querySelector(".preset select")?.value === name, preset);
  }

  /** Opens a scenario as a file. */
  async open(scenario) {
    await this.page.click("#tab-run");
    await this.page.setInputFiles("input[type=file]", {
      name: "scenario.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(scenario)),
    });
  }
}
