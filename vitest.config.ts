import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** What a plugin imports is the source under test. */
const own = (path: string) => resolve(import.meta.dirname, path, "index.ts");

export default defineConfig({
  resolve: {
    alias: [
      { find: /^tokensphere$/, replacement: own("src") },
      { find: /^tokensphere\/(models|probes|sim)$/, replacement: own("$1") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    env: { ORT_DISABLE_TELEMETRY: "1" },
  },
});
