// A slow machine: with RINGSIDE_SLOW_MS the page computes slowly, and messages between it and its workers, and frames,
// come that many milliseconds late, in their order. A test that reads the page before it has changed fails then, and
// not only by chance.

/** Delay in milliseconds; 0 if the variable is not set. */
const DELAY_MS = Number(process.env.RINGSIDE_SLOW_MS ?? 0);

/** Factor by which the script of the page runs slower. */
const THROTTLE = 6;

export async function slowDown(page) {
  if (DELAY_MS === 0) return;
  await page.addInitScript(delay, DELAY_MS);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
}

/** Runs in the page. Timers of one delay keep their order. */
function delay(ms) {
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (...message) {
    setTimeout(() => postMessage.apply(this, message), ms);
  };
  const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
  Object.defineProperty(Worker.prototype, "onmessage", {
    set(listener) {
      set.call(this, (event) => setTimeout(() => listener.call(this, event), ms));
    },
  });
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => setTimeout(() => frame(draw), ms);
  window.cancelAnimationFrame = clearTimeout;
}
