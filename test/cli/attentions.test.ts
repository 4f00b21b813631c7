import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensors } from "../../models/arrays/safetensors-reader.ts";
import { attentionByBlock, attentionInWords } from "../../src/attention/attention-in-words.ts";
import type { FamilyFit } from "../../src/fit/fit-result.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { ATTENTION, type AttentionRow } from "../../src/run/rows/attention-row.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { jsonOf, runCli } from "./run-cli.ts";

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("bert", "gpt2", "gpt_neox");
}, 60_000);
afterAll(() => fixtures.remove());

const at = (...path: string[]) => join(fixtures.cwd, ...path);
const run = (...args: readonly string[]) => runCli(args, { cwd: fixtures.cwd });
const probe = (model: string, ...more: readonly string[]) =>
  run("probe", fixtures.model(model), "--inputs", fixtures.inputs(model), ...more);

describe("probe --resid-mid --attentions", () => {
  let printed: { metrics: MetricRow[]; metrics_mid: MetricRow[]; attention: AttentionRow[] };
  beforeAll(async () => {
    const flags = ["--resid-mid", "--attentions", "--save-states", "--json", "--out", "both"];
    printed = jsonOf(await probe("gpt2", ...flags)) as typeof printed;
  }, 60_000);

  it("writes metrics of resid_mid in a file of their own, k between layers k and k + 1", () => {
    const { data, manifest } = readRun(at("both"));
    expect(data.mid).toEqual(printed.metrics_mid);
    expect([...new Set(printed.metrics_mid.map(({ layer }) => layer))]).toEqual([0, 1, 2]);
    // Four layers and what lies between them: the mean cosine of a half-step is that of the table, to five decimals.
    const { mean_cosine: explored } = data.explorer!.texts[0].series[0];
    const mid = data.mid!.filter(({ text, measure }) => text === 0 && measure === "mean_cosine");
    expect(explored).toHaveLength(7);
    for (const [k, { value }] of mid.entries()) expect(Math.abs(explored[4 + k]! - value)).toBeLessThan(0.51e-5);
    const measures = (rows: readonly MetricRow[]) => [...new Set(rows.map(({ measure }) => measure))];
    expect(measures(printed.metrics_mid)).toEqual(measures(printed.metrics));
    expect(Object.keys(manifest.files)).toEqual(expect.arrayContaining(["metrics-mid.csv", "attention.csv"]));
  });

  it("measures every head of every text", () => {
    expect(readRun(at("both")).data.attention).toEqual(printed.attention);
    // Two texts, three blocks, four heads.
    expect(printed.attention).toHaveLength(24);
    for (const { entropy, log_keys, r2, rows, pairs } of printed.attention) {
      expect(entropy).toBeGreaterThan(0);
      expect(entropy).toBeLessThanOrEqual(log_keys);
      expect(r2).toBeGreaterThanOrEqual(0);
      expect(r2).toBeLessThanOrEqual(1);
      // A causal head: half of the ordered pairs.
      expect(pairs).toBe((rows * (rows - 1)) / 2);
    }
  });

  it("keeps both with the states", async () => {
    const file = await openSafetensors(at("both/states.safetensors"));
    expect(file.tensors.get("attentions.0")?.shape).toEqual([2, 4, 12, 12]);
    expect(file.tensors.get("resid_mid.2")?.shape).toEqual([2, 12, 32]);
    await file.close();
  });

  it("is told in the report, and again when it is drawn anew elsewhere", async () => {
    const told = /<h2 id="attention">Attention<\/h2>\n<p>Attention of 12 heads in 3 blocks: /;
    expect(readFileSync(at("both/report.html"), "utf8")).toMatch(told);
    expect(readFileSync(at("both/report.html"), "utf8")).toContain("0 resid_mid");
    expect((await run("report", at("both"), "--out", "again")).code).toBe(0);
    expect(readFileSync(at("again/report.html"), "utf8")).toMatch(told);
    expect(readFileSync(at("again/attention.csv"), "utf8")).toBe(readFileSync(at("both/attention.csv"), "utf8"));
    writeFileSync(at("again/attention.csv"), "nothing");
    const { code, failed } = await run("report", at("again"));
    expect({ code, failed }).toEqual({
      code: 3,
      failed: [expect.stringMatching(/attention\.csv: not what the run wrote/)],
    });
  });

  it("says it in words and by block on a terminal, where no JSON is asked for", async () => {
    const { out } = await probe("bert", "--resid-mid", "--attentions", "--out", "said");
    expect(out.filter((line) => /^\d mid /.test(line.trim()))).toHaveLength(3);
    expect(out).toContainEqual(expect.stringMatching(/^Attention of 12 heads in 3 blocks: a row has /));
    expect(out).toContainEqual(expect.stringMatching(/^block +heads +entropy/));
    // Means over texts are told; the rows of each text lie in the file.
    const rows = ATTENTION.fromCsv(readFileSync(at("said/attention.csv"), "utf8"));
    expect(rows).toHaveLength(24);
    expect(out).toContain(attentionInWords(rows));
  });

  it("works for pairs across texts, where resid_mid is compared across them too", async () => {
    const result = jsonOf(
      await probe("bert", "--resid-mid", "--attentions", "--pairs", "across", "--json", "--out", "across"),
    );
    const { metrics, metrics_mid, attention } = result as typeof printed;
    expect(metrics_mid[0].n).toBe(metrics[0].n);
    expect(attention).toHaveLength(24);
  });

  it("is refused where the model has none, and nothing is written", async () => {
    const folder = fixtures.folder("gpt_neox");
    const inputs = fixtures.inputs("gpt_neox");
    const { code, failed } = await run("probe", folder, "--inputs", inputs, "--resid-mid", "--out", "none");
    expect(code).toBe(3);
    expect(failed[0]).toMatch(/^error: no resid_mid: in all 2 blocks attention and MLP are added at once/);
    expect(existsSync(at("none"))).toBe(false);
  });
});

describe("compare --resid-mid --attentions", () => {
  it("puts the heads beside the fitted β, and fits the network's own attention", async () => {
    const inputs = ["--inputs", fixtures.inputs("bert"), "--bootstrap", "0"];
    const flags = [
      "--resid-mid",
      "--attentions",
      "--no-control",
      "--no-intervention",
      "--no-updates",
      "--families",
      "sa,usa,sa_own",
      "--json",
      "--out",
      "fitted",
    ];
    const result = await run("compare", fixtures.model("bert"), ...inputs, ...flags);
    const fitted = jsonOf(result) as {
      attention: AttentionRow[];
      metrics_mid: MetricRow[];
      paths: Record<string, string>;
    };
    expect(fitted.attention).toEqual(readRun(at("fitted")).data.attention);
    expect(fitted.attention.map(({ text }) => text)).toEqual([...Array(12).fill(0), ...Array(12).fill(1)]);
    expect([...new Set(fitted.metrics_mid.map(({ layer }) => layer))]).toEqual([0, 1, 2]);
    expect(Object.values(fitted.paths).every((path) => existsSync(path))).toBe(true);
    const { fit } = readRun(at("fitted")).data;
    expect(fit?.families[2]).toMatchObject({ name: "sa_own", beta: 1, pair_skill: expect.any(Number) });
    const beta = fit?.families.find(({ name }) => name === fit.best)?.beta;
    if (beta) expect(readFileSync(at("fitted/report.html"), "utf8")).toMatch(/The fit&#39;s β is [\d.]+/);
  });
});

describe("attention.csv", () => {
  const row = { text: 0, layer: 1, head: 2, rows: 5, entropy: 1.5, log_keys: 2, pairs: 20, beta: -0.25, r2: null };

  it("is read back as it was written", () => {
    expect(ATTENTION.fromCsv(ATTENTION.toCsv([row]))).toEqual([row]);
    expect(ATTENTION.toCsv([row]).split("\n")[1]).toBe("0,1,2,5,1.5,2,20,-0.25,");
  });

  it.each([
    ["another header", "text,layer\n0,1\n", /unknown header/],
    ["a missing number", ATTENTION.toCsv([row]).replace("1.5", ""), /line 2: "" is no number/],
    ["a missing cell", ATTENTION.toCsv([row]).replace(",20", ""), /line 2: 8 cells/],
  ])("is refused with %s", (_, csv, message) => {
    expect(() => ATTENTION.fromCsv(csv)).toThrow(message);
  });
});

describe("attention in words", () => {
  const rows = (beta: number | null, r2: number | null) =>
    [0, 1].flatMap((layer) =>
      [0, 1, 2].map((head) => ({
        ...{ text: 0, layer, head, rows: 9, entropy: 1 + layer, log_keys: 3, pairs: 72 },
        beta: beta === null ? null : beta + head,
        r2,
      })),
    );

  it("gives the median head, and the β of both families beside it", () => {
    const families = [
      ...(
        [
          ["sa", 4.5],
          ["usa", 2.25],
          ["frozen", null],
        ] as const
      ).map(([name, beta]) => ({ name, beta }) as FamilyFit),
    ];
    expect(attentionInWords(rows(2, 0.3), { families, best: "frozen" })).not.toMatch(/The fit's/);
    const words = attentionInWords(rows(2, 0.3), { families, best: "usa" });
    expect(words).toMatch(/6 heads in 2 blocks: a row has 1\.50 nats .* equal weights would have 3\.00\./);
    expect(words).toMatch(/slope 3\.00 in the median head .* none below 0\) and explains 30 %/);
    expect(words).toMatch(/The fit's β is 4\.50 for SA, 2\.25 for USA\.$/);
  });

  it.each([
    [0.02, /hardly depends on inner products/],
    [0.3, /decide a part of attention/],
    [0.8, /decide most of attention/],
  ])("says how much %s explains", (r2, sentence) => {
    expect(attentionInWords(rows(5, r2))).toMatch(sentence);
    expect(attentionInWords(rows(-5, r2))).toMatch(/all below 0\)/);
  });

  it("does not take a falling slope for the theory's, however much it explains", () => {
    expect(attentionInWords(rows(-5, 0.8))).toMatch(/decide a part of attention, but the other way round/);
    expect(attentionInWords(rows(-5, 0.02))).not.toMatch(/the other way round/);
  });

  it("does not make much of attention that is all but even", () => {
    const flat = rows(0.001, 0.8).map((row) => ({ ...row, entropy: 2.99 }));
    expect(attentionInWords(flat)).toMatch(/all but even, so there is hardly anything to explain\.$/);
  });

  it("says where no slope exists", () => {
    expect(attentionInWords(rows(null, null))).toMatch(/do not vary enough for a slope\.$/);
    expect(attentionByBlock(rows(null, null))[0]).toMatchObject({ beta: null, beta_range: null, r2: null });
    expect(attentionInWords([])).toBe("");
  });
});
