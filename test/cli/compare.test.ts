import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FitResult } from "../../src/fit/fit-result.ts";
import { prose } from "../../src/report/html.ts";
import { runAgain } from "../../src/report/run-again.ts";
import { METRICS } from "../../src/run/metrics.ts";
import { INTERVENTION, type InterventionRow } from "../../src/run/rows/intervention-row.ts";
import type { UpdateRow } from "../../src/updates/update-row.ts";
import { fitResultSchema } from "../fit/fit-result-schema.ts";
import { cutInputs, type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { type CliResult, jsonOf, runCli } from "./run-cli.ts";

interface Compared extends FitResult {
  readonly intervention: readonly InterventionRow[] | null;
  readonly intervention_reason: string | null;
  readonly control: { readonly ran: boolean; readonly reason: string | null };
  readonly paths: Readonly<Record<string, string>>;
  readonly stages: readonly { readonly stage: string }[];
  readonly updates: readonly UpdateRow[];
}

let fixtures: ModelFixtures;
let result: CliResult;
let compared: Compared;
beforeAll(async () => {
  fixtures = await modelFixtures("bert");
  cutInputs(fixtures.inputs("bert"), 1, 8, join(fixtures.cwd, "inputs.json"));
  const what = ["compare", fixtures.model("bert"), "--inputs", "inputs.json", "--bootstrap", "5"];
  result = await runCli([...what, "--out", "run", "--json", "--save-states"], { cwd: fixtures.cwd });
  compared = jsonOf(result) as Compared;
});
afterAll(() => fixtures.remove());

function at(...path: string[]): string {
  return join(fixtures.cwd, ...path);
}

/** The pictures and specifications of a run, by name. */
function drawings(folder: string): Map<string, string> {
  const names = readdirSync(folder).filter((name) => /\.(svg|png|vl\.json)$/.test(name));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "base64")]));
}

/** What belongs to the fit of all that was printed. */
function fitOf(printed: Compared) {
  const { paths, stages, intervention, intervention_reason, control, ...rest } = printed;
  const { metrics_mid, attention, value_output, pairs, tokens, token_pairs, clusters, coordinates, ...fit } =
    rest as typeof rest & Readonly<Record<string, unknown>>;
  return fit as unknown as FitResult;
}

describe("compare", () => {
  it("keeps the promise of fit --json, and paths and stages beside it", () => {
    const fit = fitOf(compared);
    expect(() => fitResultSchema.parse(fit)).not.toThrow();
    expect(Object.keys(compared.paths)).toEqual(
      expect.arrayContaining(["folder", "manifest", "metrics", "fit", "report", "states"]),
    );
    for (const path of Object.values(compared.paths)) expect(existsSync(path), path).toBe(true);
    expect(compared.stages.map((s) => s.stage)).toEqual(
      expect.arrayContaining(["open", "run the model", "probe", "untrained control", "intervention", "fit", "figures"]),
    );
  });

  it("fits what it probed: the mean cosine of the fit is that of metrics.csv", () => {
    const rows = METRICS.fromCsv(readFileSync(compared.paths.metrics, "utf8")).filter(
      (r) => r.measure === "mean_cosine",
    );
    compared.observed.mean_cosine.forEach((value, k) => {
      // The same float64 sums in another order.
      expect(Math.abs(value - rows.find((r) => r.layer === compared.observed.layers[k])!.value)).toBeLessThan(1e-9);
    });
  });

  it("says how it is made again in flags that there are", async () => {
    const flags = runAgain(JSON.parse(readFileSync(compared.paths.manifest, "utf8"))).match(/(?<= )--[a-z-]+/g) ?? [];
    expect(flags).toContain("--families");
    const { out } = await runCli(["compare", "--help"], { cwd: fixtures.cwd });
    const known = new Set(out.join("\n").match(/--[a-z-]+/g));
    expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
  });

  it("writes the fit that it prints", () => {
    const fit = fitOf(compared);
    expect(JSON.parse(readFileSync(compared.paths.fit, "utf8"))).toEqual(fit);
  });

  it("draws every figure, and a report that opens with the verdict and needs no other file", () => {
    const names = ["layerHistograms", "meanCosineByLayer", "massNearOneByLayer", "w1ByLayer", "betaProfile"];
    for (const name of names) expect(drawings(at("run")).has(`${name}.svg`), name).toBe(true);
    const html = readFileSync(compared.paths.report, "utf8");
    const escaped = prose(compared.verdict);
    expect(html).toContain(escaped);
    expect(html).not.toMatch(/<(script|link|img)\b[^>]*\s(src|href)=["'](?!data:|#)/);
  });

  it("is fitted again to the same result from the states it saved", async () => {
    const again = jsonOf(
      await runCli(["fit", "run", "--bootstrap", "5", "--json"], { cwd: fixtures.cwd }),
    ) as FitResult;
    const fit = fitOf(compared);
    // What only the model could be asked is not in its states: the untrained network, other contexts, its own parts.
    const { observed, families, alternatives, averaging, held_out, best } = fit;
    const same = { ...{ families, alternatives, averaging, held_out, best }, edges: fit.edges };
    expect(again).toMatchObject({ ...same, observed: { ...observed, source: again.observed.source } });
  });

  it("reads the untrained network beside it, and runs the model without half of the tokens", () => {
    expect(compared).toMatchObject({ control: { ran: true, reason: null }, intervention_reason: null });
    const rows = compared.intervention ?? [];
    expect(INTERVENTION.fromCsv(readFileSync(compared.paths.intervention, "utf8"))).toEqual(rows);
    expect(rows.map(({ layer, field }) => `${layer} ${field}`)).toEqual(
      compared.observed.layers.slice(0, -1).flatMap((k) => ["averaging", "sa", "usa"].map((field) => `${k} ${field}`)),
    );
    for (const { context_share } of rows) expect(context_share).toBeGreaterThan(1e-6);
  });

  it("leaves both out where that is asked for", async () => {
    const off = ["--no-control", "--no-intervention", "--bootstrap", "0", "--out", "off", "--json", "--parquet"];
    const what = ["compare", fixtures.model("bert"), "--inputs", "inputs.json"];
    const printed = jsonOf(await runCli([...what, ...off], { cwd: fixtures.cwd })) as Compared;
    expect(printed).toMatchObject({
      ...{ intervention: null, intervention_reason: "left out as asked" },
      control: { ran: false, reason: "left out as asked" },
    });
    const frames = Object.entries(printed.paths).filter(([, path]) => path.endsWith(".parquet"));
    expect(frames.map(([key]) => key)).toEqual(expect.arrayContaining(["metrics_parquet", "tokens_parquet"]));
    for (const [, path] of frames) expect(existsSync(path), path).toBe(true);
    expect(existsSync(at("off/intervention.csv"))).toBe(false);
  });

  it("leaves no draft", () => {
    expect(readdirSync(fixtures.cwd).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("report", () => {
  it("draws the same bytes again, in place", async () => {
    const before = drawings(at("run"));
    for (const name of before.keys()) rmSync(at("run", name));
    const again = await runCli(["report", "run/report.html", "--parquet"], { cwd: fixtures.cwd });
    expect(again).toMatchObject({ code: 0, out: [at("run/report.html")] });
    expect(drawings(at("run"))).toEqual(before);
    for (const table of ["metrics", "pairs"]) expect(existsSync(at(`run/${table}.parquet`))).toBe(true);
    expect(readFileSync(at("run/report.html"), "utf8")).toContain(compared.verdict.slice(0, 40));
  });

  it("writes a run of its own where a folder is named, states and all", async () => {
    const { paths } = jsonOf(
      await runCli(["report", "run", "--out", "copy", "--json"], { cwd: fixtures.cwd }),
    ) as Compared;
    expect(paths.folder).toBe(at("copy"));
    expect(readdirSync(at("copy"))).toEqual(readdirSync(at("run")));
    expect(drawings(at("copy"))).toEqual(drawings(at("run")));
    expect(readFileSync(at("copy/metrics.csv"), "utf8")).toBe(readFileSync(at("run/metrics.csv"), "utf8"));
  });

  it("draws a run without saved states too", async () => {
    rmSync(at("run/states.safetensors"));
    const again = await runCli(["report", "run", "--out", "stateless"], { cwd: fixtures.cwd });
    expect(again).toMatchObject({ code: 0, failed: [] });
    expect(existsSync(at("stateless/states.safetensors"))).toBe(false);
  });
});
