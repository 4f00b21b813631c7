import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** What a plugin imports is the source under test. */
const own = (path: string) => resolve(import.meta.dirname, path, "index.ts");

/** Files that run whole command lines, in this process or in one of their own. */
const END_TO_END = ["test/cli/**/*.test.ts", "test/bundled/**/*.test.ts", "test/**/*-cli.test.ts"];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^tokensphere$/, replacement: own("src") },
      { find: /^tokensphere\/(models|probes|sim)$/, replacement: own("$1") },
    ],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // Files of a process share the modules they load: vega alone takes a second.
    isolate: false,
    env: { ORT_DISABLE_TELEMETRY: "1" },
    projects: [
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: END_TO_END } },
      { extends: true, test: { name: "end-to-end", include: END_TO_END, setupFiles: "test/cli/small-pictures.ts" } },
    ],
  },
});
