import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { formatsPage } from "../../bench/docs/formats-page.mjs";
import { writeSideBySide } from "../../src/collection/compare-runs.ts";
import type { Format } from "../../src/formats/format.ts";
import { FORMATS } from "../../src/formats/formats.ts";
import { formatFault, readFormat } from "../../src/formats/read-format.ts";
import { RUN } from "../../src/formats/run-formats.ts";
import { writeNumbers } from "../../src/report/write-run.ts";
import { RUN_FILES } from "../../src/run/rows/run-files.ts";
import { writeFormat } from "../../src/run/write-format.ts";
import { runCli } from "../cli/run-cli.ts";
import { tinyAlbert } from "../cli/tiny-albert.ts";
import { seenExplorer, seenStates } from "../explorer/seen-run.ts";
import { smallRun } from "../figures/small-run.ts";

let cwd: string;
/** A file of every format, by the format's name. */
const written = new Map<string, string>();

const SIMULATE = ["simulate", "--dynamics", "usa", "--beta", "1", "--n", "4", "--d", "2"];
const COMMANDS: readonly (readonly string[])[] = [
  [...SIMULATE, "--times", "0,1", "--states", "--until", "mean-cosine=0.9"],
  [...SIMULATE, "--times", "0,1", "--noise", "4", "--step", "0.1", "--paths", "2"],
  [...SIMULATE, "--layer-steps", "2", "--step", "0.1", "--dynamics", "sa_layers", "--params", "random"],
  ["sweep", "--dynamics", "sa", "--n", "4", "--d", "2", "--betas", "1", "--times", "0,1", "--seeds", "2"],
  [
    ...["sweep", "--dynamics", "sa", "--n", "4", "--d", "2", "--betas", "1", "--times", "0,1", "--seeds", "2"],
    ...["--clusters", "0.9"],
  ],
  ["mean-field", "phases", "--dynamics", "usa", "--betas", "2"],
  ["mean-field", "--dynamics", "usa", "--beta", "2", "--start", "uniform", "--times", "0,0.1", "--particles", "20"],
  ["mean-field", "--d", "3", "--dynamics", "usa", "--beta", "2", "--start", "vmf:2", "--times", "0,0.1"],
  ["mean-field", "bifurcation", "--dynamics", "usa", "--beta", "1", "--kappas", "2,4"],
  [
    "mean-field",
    "chaos",
    "--dynamics",
    "usa",
    "--start",
    "uniform",
    "--beta",
    "1",
    "--sizes",
    "4,8",
    "--time",
    "0.1",
    "--copies",
    "2",
  ],
  ["theory", "schemes", "--n", "4", "--d", "8", "--layers", "2", "--copies", "2", "--beta", "1"],
  ["inspect"],
];

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-formats-"));
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(cwd, "tiny"));
  for (const [name, content] of Object.entries(await tinyAlbert())) writeFileSync(join(cwd, "tiny", name), content);
  for (const [k, command] of COMMANDS.entries()) {
    const { code, failed } = await runCli(
      [...command, ...(command[0] === "inspect" ? [join(cwd, "tiny")] : []), "--out", `out-${k}`],
      { cwd },
    );
    if (code !== 0) throw new Error(`${command.join(" ")}: ${failed.join(" ")}`);
    remember(`out-${k}`);
  }
  for (const run of ["run", "run-2"]) writeRun(join(cwd, run));
  remember("run");
  mkdirSync(join(cwd, "both"));
  writeSideBySide(join(cwd, "both"), join(cwd, "both"), [join(cwd, "run"), join(cwd, "run-2")], "");
  remember("both");
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function writeRun(folder: string): void {
  const explorer = seenExplorer([seenStates({ n: 5, layers: 2 })]).data()!;
  writeNumbers(folder, { ...smallRun(), explorer });
  writeFormat(folder, RUN, {
    ...{ format: RUN.name, version: 1, command: "compare", arguments: {}, created: "", versions: {}, seed: 1 },
    ...{ stages: [{ stage: "model", seconds: 1, peak_mb: 100 }], files: {} },
  });
}

function remember(folder: string): void {
  for (const name of readdirSync(join(cwd, folder)).filter((file) => /(?<!\.vl)\.json$/.test(file))) {
    const path = join(cwd, folder, name);
    written.set(JSON.parse(readFileSync(path, "utf8")).format, path);
  }
}

const schemas = FORMATS.map((format) => ({ name: format.name, format }));

function written1({ name }: Format): { path: string; value: Record<string, unknown> } {
  const path = written.get(name) as string;
  return { path, value: JSON.parse(readFileSync(path, "utf8")) };
}

describe.each(schemas)("$name", ({ format }) => {
  it("is what a command writes, every field of it documented", () => {
    expect(format.schema.safeParse(written1(format).value).error?.issues ?? []).toEqual([]);
    expect(readFormat(format, written1(format).path)).toEqual(written1(format).value);
  });

  it("refuses a file that lacks any field it must have, by the field's name", () => {
    const { value } = written1(format);
    const optional = Object.keys(value).filter(
      (key) => format.schema.safeParse({ ...value, [key]: undefined }).success,
    );
    for (const key of Object.keys(value)) {
      const { [key]: _, ...damaged } = value;
      const fault = formatFault(format, damaged);
      const { required } = z.toJSONSchema(format.schema);
      if (required?.includes(key)) expect(fault).toContain(`${key}: `);
      else expect([key, fault]).toEqual([key, null]);
    }
    expect(optional).not.toContain("format");
  });

  it("lets a field of a later version be", () => {
    expect(formatFault(format, { ...written1(format).value, of_a_later_version: 1 })).toBeNull();
  });

  it("is not written where it is wrong", () => {
    expect(() => writeFormat(cwd, format, { ...written1(format).value, version: 2 })).toThrow(/version: expected 1/);
  });
});

/** Changes one field of a run's file and draws the run again. */
async function damaged(file: string, change: (value: never) => void): Promise<readonly [number, string]> {
  const folder = join(cwd, "damaged");
  writeRun(folder);
  const path = join(folder, file);
  const value = JSON.parse(readFileSync(path, "utf8"));
  change(value as never);
  writeFileSync(path, JSON.stringify(value));
  const { code, failed } = await runCli(["report", "damaged"], { cwd });
  return [code, failed.join("\n")];
}

interface Loose {
  [key: string]: Loose;
}

describe("a run with a damaged file ends with exit code 3, its field and what was expected", () => {
  it.each([
    ["fit.json", (v: Loose) => delete v.families[0].w1, "families.0.w1: expected number, received undefined"],
    ["fit.json", (v: Loose) => delete v.observed, "observed: expected object, received undefined"],
    [
      "fit.json",
      (v: Loose) => Object.assign(v.families[1].time, { values: "soon" }),
      "families.1.time.values: expected array",
    ],
    [
      "fit.json",
      (v: Loose) => Object.assign(v.observed, { mean_cosine: [0] }),
      "observed.mean_cosine: expected 4 values, received 1",
    ],
    ["fit.json", (v: Loose) => Object.assign(v, { version: 7 }), "version: expected 1"],
    ["histograms.json", (v: Loose) => delete v.texts, "texts: expected array, received undefined"],
    [
      "histograms.json",
      (v: Loose) => Object.assign(v.texts[0].layers[2], { counts: [1] }),
      "texts.0.layers.2.counts: expected 20 values, one a bin, received 1",
    ],
    [
      "histograms.json",
      (v: Loose) => Object.assign(v, { format: "tokensphere/fit" }),
      'format: expected "tokensphere/histograms"',
    ],
    [
      "manifest.json",
      (v: Loose) => Object.assign(v.stages[0], { seconds: "long" }),
      "stages.0.seconds: expected number, received string",
    ],
    ["manifest.json", (v: Loose) => Object.assign(v, { stages: {} }), "stages: expected array, received object"],
    ["manifest.json", (v: Loose) => Object.assign(v, { preset: { variants: [] } }), "preset.figure: expected object"],
    ["manifest.json", (v: Loose) => Object.assign(v, { texts: "none" }), "texts: expected array, received string"],
  ] as const)("%s %#", async (file, change, fault) => {
    const [code, message] = await damaged(file, change as (value: never) => void);
    expect([code, message]).toEqual([3, expect.stringContaining(`${file}: ${fault}`)]);
    expect(message).toMatch(/\. make the run again with this version$/);
  });

  it("and so does one that was cut off", async () => {
    writeRun(join(cwd, "cut"));
    writeFileSync(join(cwd, "cut", RUN_FILES.fit), '{"format": "tokens');
    const { code, failed } = await runCli(["report", "cut"], { cwd });
    expect([code, failed[0]]).toEqual([3, expect.stringMatching(/fit\.json: no JSON\. make the run again/)]);
  });
});

it("docs/formats.md is what the schemas say: npm run build && node bench/docs.mjs, or this test with -u", async () => {
  await expect(formatsPage(FORMATS, z.toJSONSchema)).toMatchFileSnapshot("../../docs/formats.md");
});
