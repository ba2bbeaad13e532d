// Minimal static server without headers other than the type. The page is served under a sub-path, and
// everything else is a 404, so that absolute paths in the output are detected.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = process.env.RINGSIDE_DIST ?? fileURLToPath(new URL("../../../web/dist", import.meta.url));
const BASE = "/some/deep/path/";
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

async function respond(request, response) {
  const { pathname } = new URL(request.url, "http://host");
  const inside = pathname.startsWith(BASE) ? normalize(pathname.slice(BASE.length) || "index.html") : "..";
  try {
    if (inside.startsWith("..")) throw new Error("outside");
    const body = await readFile(join(DIST, inside));
    response.writeHead(200, { "content-type": TYPES[extname(inside)] ?? "application/octet-stream" });
    response.end(body);
  } catch {
    response.writeHead(404);
    response.end();
  }
}

/** Serves the page on a free port of the loopback interface. */
export function serve() {
  const server = createServer((request, response) => void respond(request, response));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      resolve({
        url: `http://127.0.0.1:${server.address().port}${BASE}`,
        close: () => new Promise((closed) => server.close(closed)),
      });
    });
  });
}
