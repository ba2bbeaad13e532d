import { defineConfig } from "vite";

// A relative base: the output works from any host and any sub-path, without a rebuild.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    // The first picture is in index.html, so nothing may be inlined that the security policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
});
