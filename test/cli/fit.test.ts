import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import type { FitResult } from "../../src/fit/fit-result.ts";
import { fitResultSchema } from "../fit/fit-result-schema.ts";
import { evenTimes, simulatedStates } from "../fit/simulated-states.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { jsonOf, runCli } from "./run-cli.ts";

// The theory itself, and less searching than usual: what is tested here is the way in and out.
const TRUTH = { dynamics: "sa", beta: 2, times: evenTimes(4, 2), n: 12, d: 6, seed: 6 } as const;
const QUICK = ["--bootstrap", "5", "--beta-range", "0.5,8"];

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("gpt2");
  await writeStates("plain.safetensors", 1);
});
afterAll(() => fixtures.remove());

/** A file as PyTorch would write it: hidden_states.k and nothing else; `batch` copies of one text. */
async function writeStates(name: string, batch: number): Promise<void> {
  const { layers, n, d } = await simulatedStates(TRUTH);
  const file = await createSafetensors(join(fixtures.cwd, name));
  const entries = new Map();
  for (const { layer, x } of layers) {
    const data = Float32Array.from(Array.from({ length: batch }, () => [...x]).flat());
    entries.set(`hidden_states.${layer}`, await file.append({ dtype: "float32", shape: [batch, n, d], data }));
  }
  await file.finish(entries);
}

function fit(...args: readonly string[]) {
  return runCli(["fit", ...args, ...QUICK], { cwd: fixtures.cwd });
}

async function fitted(...args: readonly string[]): Promise<FitResult> {
  return jsonOf(await fit(...args, "--json")) as FitResult;
}

describe("fit of plain states", () => {
  it("keeps the promise of fit --json and finds what made them", async () => {
    const result = await fitted("plain.safetensors");
    expect(() => fitResultSchema.parse(result)).not.toThrow();
    expect(result.best).toBe("sa");
    expect(result.families.map((f) => f.name)).toEqual(["sa", "usa", "frozen"]);
    const [{ beta, beta_interval }] = result.families;
    expect(beta! / TRUTH.beta).toBeCloseTo(1, 1);
    expect(beta_interval![0]).toBeLessThanOrEqual(beta!);
    expect(beta_interval![1]).toBeGreaterThanOrEqual(beta!);
    expect(result.observed.policy).toMatchObject({ specialTokens: "drop", specialKnown: false });
  });

  it("takes every row of a batch as a text", async () => {
    await writeStates("batch.safetensors", 2);
    expect((await fitted("batch.safetensors", "--time", "linear", "--families", "sa")).observed).toMatchObject({
      texts: 2,
      n: [12, 12],
    });
  });

  it("writes nothing, and prints the verdict and a table, where neither --out nor --json is given", async () => {
    const before = readdirSync(fixtures.cwd);
    const { code, out, failed } = await fit("plain.safetensors");
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(out[0]).toMatch(/^From layer 0 to layer 4 the mean cosine of the 12 tokens /);
    expect(out.filter((line) => /^(sa|usa|frozen) /.test(line))).toHaveLength(3);
    expect(readdirSync(fixtures.cwd)).toEqual(before);
  });

  it("writes a whole run where a folder is named", async () => {
    const { paths, ...result } = (await fitted("plain.safetensors", "--out", "fitted")) as FitResult & {
      paths: { folder: string };
    };
    expect(paths.folder).toBe(join(fixtures.cwd, "fitted"));
    expect(JSON.parse(readFileSync(join(paths.folder, "fit.json"), "utf8"))).toEqual(result);
    for (const name of ["manifest.json", "metrics.csv", "report.html", "w1ByLayer.svg", "betaProfile.svg"]) {
      expect(readdirSync(paths.folder)).toContain(name);
    }
    const { states } = JSON.parse(readFileSync(join(paths.folder, "manifest.json"), "utf8"));
    const bytes = readFileSync(join(fixtures.cwd, "plain.safetensors"));
    expect(states).toEqual({ name: "plain.safetensors", sha256: createHash("sha256").update(bytes).digest("hex") });
  });
});

describe("fit of a run", () => {
  it("takes the run's states and, where no flag says otherwise, its policy", async () => {
    const run = ["probe", fixtures.model("gpt2"), "--inputs", fixtures.inputs("gpt2"), "--save-states", "--out", "run"];
    expect((await runCli([...run, "--center", "mean"], { cwd: fixtures.cwd })).code).toBe(0);
    const result = await fitted("run", "--time", "linear", "--causal", "no");
    expect(() => fitResultSchema.parse(result)).not.toThrow();
    // The padded positions of the second text are not counted; the final norm is no step of the dynamics.
    expect(result.observed).toMatchObject({ n: [12, 8], d: 32, layers: [0, 1, 2, 3], policy: { center: "mean" } });
    // The file itself says that no token saw what comes after it.
    copyFileSync(join(fixtures.cwd, "run/states.safetensors"), join(fixtures.cwd, "decoder.safetensors"));
    const decoder = await fitted("decoder.safetensors", "--center", "none", "--time", "linear", "--families", "sa");
    expect(decoder).toMatchObject({ causal: true, observed: { policy: { center: "none" } } });
  });

  it("is not written over the run that it reads, not even with --force", async () => {
    const before = readdirSync(join(fixtures.cwd, "run"));
    expect(await fit("run", "--out", "run", "--force")).toMatchObject({
      code: 2,
      failed: ["error: --out: run is the run that is read. give another folder"],
    });
    expect(readdirSync(join(fixtures.cwd, "run"))).toEqual(before);
  });

  it("says what is missing where the run kept no states or its manifest is broken", async () => {
    mkdirSync(join(fixtures.cwd, "empty"));
    expect(await fit("empty")).toMatchObject({
      code: 3,
      failed: [
        "error: no states.safetensors in empty. give a run that was made with --save-states, or a file of states",
      ],
    });
    writeFileSync(join(fixtures.cwd, "empty/manifest.json"), "{");
    expect((await fit("empty")).failed).toEqual([
      "error: no states.safetensors in empty. run probe or compare again with --save-states",
    ]);
    writeFileSync(
      join(fixtures.cwd, "empty/states.safetensors"),
      readFileSync(join(fixtures.cwd, "plain.safetensors")),
    );
    expect(await fit("empty")).toMatchObject({ code: 3, failed: [expect.stringContaining("no JSON")] });
  });
});
