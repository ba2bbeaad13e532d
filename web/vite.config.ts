import { defineConfig } from "vite";

// Relative base: the output works on any host and sub-path.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    // Inlined assets would violate the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
});
