import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRICS, type MetricRow } from "../../src/run/metrics.ts";
import { RUN_FILES } from "../../src/run/rows/run-files.ts";
import { TOKENS } from "../../src/run/who-tables.ts";
import { SKIPS } from "../skips.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/data-frames.md"), "utf8");
/** The lines of the page that need nothing but R. */
const own = [...page.matchAll(/^```r\n([\s\S]*?)^```/gm)]
  .map(([, code]) => code)
  .filter((code) => !/library\(/.test(code));

const VALUES = [1 / 3, 0.1 + 0.2, -1 / 7, 5e-324, Math.PI / 1e7];
const WORDS = ["NA", "007", 'a "q", b', " the", "#\\n", "'", "▁é"];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tokensphere-frames-"));
  const beside = { text: 0, lo: null, hi: null, floor: null, n: 3, d: 2 };
  const row = (value: number, k: number): MetricRow => ({ ...beside, layer: k, measure: "mean_cosine", value });
  const metrics: MetricRow[] = [
    ...VALUES.map(row),
    { ...row(9, 0), layer: "final_norm" },
    { ...row(9, 0), measure: "other" },
  ];
  const token = { text: 0, layer: 0, cluster: null, nearest: 0, norm: 1, moved: null };
  const tokens = WORDS.map((word, i) => ({ ...token, i, token: word, cosine: 1 - i / 8 }));
  for (const run of ["essay", "other"]) {
    mkdirSync(join(folder, "runs", run), { recursive: true });
    writeFileSync(join(folder, "runs", run, RUN_FILES.metrics), METRICS.toCsv(metrics));
    writeFileSync(join(folder, "runs", run, RUN_FILES.tokens), TOKENS.toCsv(tokens));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("docs/data-frames.md", () => {
  it("has lines for R without a package", () => {
    expect(own.length).toBeGreaterThan(1);
  });

  it.skipIf(SKIPS.r.skipped)("reads in R what was written: every digit, every word, the layers in order", () => {
    const asked = 'writeLines(c("--", sprintf("%.17g", cosine$value[cosine$run == "other"]), tokens$token))';
    writeFileSync(join(folder, "page.R"), [...own, asked, ""].join("\n"));
    const env = { ...process.env, LC_ALL: "C.UTF-8" };
    const said = execFileSync("Rscript", ["page.R"], { cwd: folder, env, encoding: "utf8" }).trimEnd();
    const [shown, read] = said.split("\n--\n");
    expect(read.split("\n").slice(0, VALUES.length).map(Number)).toEqual(VALUES);
    expect(read.split("\n").slice(VALUES.length)).toEqual(WORDS);
    expect(shown).toMatch(/layer +essay +other\n +0 +\S+ +\S+\n +1 /);
    expect(shown).toMatch(/layer +token +cosine\n1 +0 +NA +1\.000\n/);
  });
});
