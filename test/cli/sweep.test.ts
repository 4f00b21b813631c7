import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonOf, runCli } from "./run-cli.ts";

const list = z.array(z.number().min(-1).max(1));
const sweepSchema = z.looseObject({
  dynamics: z.string(),
  precision: z.string(),
  betas: z.array(z.number()),
  times: z.array(z.number()),
  rows: z.array(
    z.strictObject({
      beta: z.number(),
      probability: list,
      mean_cosine: list,
      failed: z.literal(0),
      failures: z.strictObject({}),
    }),
  ),
});

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-cli-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const ARGS = ["--dynamics", "sa", "--n", "6", "--d", "2", "--betas", "0.1:0.1:0.4", "--times", "0:2:6", "--seeds", "5"];
const sweep = (...more: readonly string[]) => runCli(["sweep", ...ARGS, ...more], { cwd });
const textOf = (file: string) => readFileSync(join(cwd, file), "utf8");

describe("sweep", () => {
  it("prints a row a β with lists along times; betas of a range are round numbers", async () => {
    const found = sweepSchema.parse(jsonOf(await sweep("--json")));
    expect(found.betas).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(found.times).toEqual([0, 2, 4, 6]);
    expect(found.rows.map((row) => row.beta)).toEqual(found.betas);
    for (const { probability, mean_cosine } of found.rows) {
      expect([probability.length, mean_cosine.length]).toEqual([4, 4]);
      // At such small β all tokens meet: 1 − ρ falls as e^{−2t}.
      expect(probability[3]).toBeGreaterThan(probability[0]);
      expect(mean_cosine[3]).toBeGreaterThan(0.9);
    }
  });

  it("says in which precision it was done, and takes evenly spaced values by their count", async () => {
    const usual = sweepSchema.parse(jsonOf(await sweep("--json", "--betas", "0.1..0.4/4", "--times", "0..6/4")));
    expect(usual).toEqual(sweepSchema.parse(jsonOf(await sweep("--json", "--workers", "1"))));
    expect(usual.precision).toBe("float32");
    const exact = sweepSchema.parse(jsonOf(await sweep("--json", "--precision", "float64")));
    expect(exact.precision).toBe("float64");
    for (const [b, { probability, mean_cosine }] of exact.rows.entries()) {
      expect(usual.rows[b].probability).toEqual(probability);
      // The mean between steps is interpolated.
      mean_cosine.forEach((value, t) => void expect(usual.rows[b].mean_cosine[t]).toBeCloseTo(value, 2));
    }
  });

  it("without --json says in a line a β when half of the pairs have met", async () => {
    const { code, out } = await sweep();
    expect(code).toBe(0);
    expect(out).toHaveLength(5);
    expect(out[0]).toMatch(/^beta +half met at +probability at end +mean cosine at end +failed$/);
  });

  it("says of starts that did not reach the end how many there are, and why, and has done its work", async () => {
    const late = ["--dynamics", "usa", "--betas", "5000", "--precision", "float64", "--out", "late"];
    const { code, out, failed } = await sweep(...late);
    expect(code).toBe(3);
    // Rates of e^5000: time overflows, or steps do before.
    expect(failed).toEqual([
      expect.stringMatching(/5 starts did not reach the end: (blow-up|time overflow) \d.*ask for/),
    ]);
    // What is known: between none and all of the pairs of starts that did not come so far, never a mean of the others.
    expect(out.at(-2)).toMatch(/^5000 +– +[\d.]+ to 1 +-[\d.]+ to 1 +5$/);
    expect(textOf("late/sweep.csv").trimEnd().split("\n").at(-1)).toMatch(/^5000,6,,,[\d.]+,1,-[\d.]+,1$/);
    const { rows } = JSON.parse(textOf("late/sweep.json")) as { rows: { failed: number; failures: object }[] };
    expect(rows.map(({ failed }) => failed)).toEqual([5]);
    expect(Object.values(rows[0].failures).reduce((a: number, b: number) => a + b, 0)).toBe(5);
  });

  it("writes the table in long form, and the same numbers as it prints", async () => {
    const printed = sweepSchema.parse(jsonOf(await sweep("--json", "--out", "deep/table")));
    const figure = ["phaseDiagram.png", "phaseDiagram.svg", "phaseDiagram.vl.json"];
    expect(readdirSync(join(cwd, "deep/table")).sort()).toEqual([...figure, "sweep.csv", "sweep.json"]);
    expect(textOf("deep/table/phaseDiagram.svg")).toContain("sa, n = 6, d = 2, 5 starts; line: equiangular tokens");
    const [header, ...lines] = textOf("deep/table/sweep.csv").trimEnd().split("\n");
    expect(header).toMatch(/^beta,time,probability,mean_cosine,probability_low,probability_high,mean_cosine_low,/);
    const wanted = printed.rows.flatMap(({ beta, probability, mean_cosine }) =>
      printed.times.map((time, t) => {
        const [p, c] = [probability[t], mean_cosine[t]];
        return [beta, time, p, c, p, p, c, c].join(",");
      }),
    );
    expect(lines).toEqual(wanted);
  });

  it("goes on where it was interrupted, to the same table", async () => {
    await sweep("--out", "whole");
    const state = JSON.parse(textOf("whole/sweep.json")) as { rows: unknown[] };
    const table = textOf("whole/sweep.csv");
    rmSync(join(cwd, "whole/sweep.csv"));
    writeFileSync(join(cwd, "whole/sweep.json"), JSON.stringify({ ...state, rows: state.rows.slice(0, 3) }));
    const { code, said } = await sweep("--out", "whole");
    expect({ code, said }).toEqual({ code: 0, said: ["going on after 3 of 4 values of beta"] });
    expect(textOf("whole/sweep.csv")).toBe(table);
    // Ended after its numbers and before its picture.
    rmSync(join(cwd, "whole/phaseDiagram.svg"));
    expect((await sweep("--out", "whole")).said).toEqual(["going on after 4 of 4 values of beta"]);
    expect(textOf("whole/phaseDiagram.svg")).toMatch(/<svg/);
  });

  it("counts clusters where it was interrupted, to the same numbers, and not over those of other settings", async () => {
    const clusters = (...more: readonly string[]) => sweep("--clusters", "0.9", "--out", "counted", ...more);
    expect((await clusters()).out.at(-1)).toBe("counted");
    const whole = textOf("counted/clusters.json");
    const { rows, ...settings } = JSON.parse(whole) as { rows: unknown[] };
    expect((await clusters()).failed[0]).toMatch(/has a sweep\. add --force/);
    const interrupted = () =>
      writeFileSync(join(cwd, "counted/clusters.json"), JSON.stringify({ ...settings, rows: rows.slice(0, 3) }));
    interrupted();
    expect((await clusters("--rtol", "1e-7")).failed[0]).toMatch(/clusters\.json: has another rtol\./);
    rmSync(join(cwd, "counted/clustersByBeta.svg"));
    expect((await clusters()).said).toEqual(["going on after 3 of 4 values of beta"]);
    expect(textOf("counted/clusters.json")).toBe(whole);
    expect(textOf("counted/clustersByBeta.svg")).toMatch(/<svg/);
    interrupted();
    expect(await clusters("--rtol", "1e-7", "--force")).toMatchObject({ code: 0, said: [] });
    expect(JSON.parse(textOf("counted/clusters.json"))).toMatchObject({ rtol: 1e-7, betas: [0.1, 0.2, 0.3, 0.4] });
  });

  it("writes its table as Parquet too, the same numbers, where there is a folder", async () => {
    await sweep("--out", "frames", "--parquet", "--dynamics", "usa", "--betas", "1,5000", "--precision", "float64");
    const bytes = readFileSync(join(cwd, "frames/sweep.parquet"));
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const [header, ...lines] = textOf("frames/sweep.csv").trimEnd().split("\n");
    const cells = (await parquetReadObjects({ file: data })).map((row) => Object.values(row).map((one) => one ?? ""));
    expect(cells.map((row) => row.join(","))).toEqual(lines);
    // Not all starts came to the end at β = 5000.
    expect(lines.at(-1)).toMatch(/^5000,6,,,/);
    expect(Object.keys((await parquetReadObjects({ file: data }))[0])).toEqual(header.split(","));
    expect((await sweep("--parquet")).failed).toEqual([expect.stringMatching(/--parquet: without --out/)]);
  });

  it("does not go on with other settings, over a finished sweep or in a folder of something else, unless forced", async () => {
    await sweep("--out", "taken");
    const finished = await sweep("--out", "taken");
    expect({ code: finished.code, failed: finished.failed[0] }).toMatchObject({ code: 2 });
    expect(finished.failed[0]).toMatch(/has a sweep\. add --force/);
    rmSync(join(cwd, "taken/sweep.csv"));
    const other = await sweep("--out", "taken", "--seed", "9");
    expect(other.failed[0]).toMatch(/sweep\.json: has another seed\./);
    expect((await sweep("--out", "taken", "--seed", "9", "--force")).code).toBe(0);
    writeFileSync(join(cwd, "taken/sweep.json"), "{");
    rmSync(join(cwd, "taken/sweep.csv"));
    expect((await sweep("--out", "taken")).failed[0]).toMatch(/sweep\.json: no JSON\. give another folder$/);
    const foreign = await sweep("--out", "taken", "--force");
    expect(foreign.failed[0]).toMatch(/sweep\.json is not of tokensphere\./);
    rmSync(join(cwd, "taken/sweep.json"));
    writeFileSync(join(cwd, "taken/notes.txt"), "mine");
    expect((await sweep("--out", "taken", "--force")).code).toBe(2);
    expect(textOf("taken/notes.txt")).toBe("mine");
  });

  it("does not go on where a plugin was edited or left out: rows would be of two laws", async () => {
    const plugin = (speed: number) =>
      writeFileSync(
        join(cwd, "pull.mjs"),
        `export default { dynamics: [{ name: "pull", field({ n, d }, out) {
           for (let i = 0; i < n; i++) out[i * d] = ${speed}; } }] };`,
      );
    const pull = (...more: readonly string[]) => sweep("--plugin", "pull.mjs", "--dynamics", "pull", ...more);
    plugin(1);
    const { plugins, rows } = sweepSchema.parse(jsonOf(await pull("--json", "--out", "pulled")));
    expect(plugins).toEqual([{ name: "pull.mjs", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    const interrupted = (state: object) => {
      rmSync(join(cwd, "pulled/sweep.csv"), { force: true });
      writeFileSync(join(cwd, "pulled/sweep.json"), JSON.stringify({ ...state, rows: rows.slice(0, 1) }));
    };
    const state: object = JSON.parse(textOf("pulled/sweep.json"));
    interrupted(state);
    expect((await pull("--out", "pulled")).said).toEqual(["going on after 1 of 4 values of beta"]);
    interrupted(state);
    plugin(2);
    const edited = await pull("--out", "pulled");
    expect(edited).toMatchObject({
      code: 2,
      failed: [expect.stringMatching(/sweep\.json: has another plugins\. go on/)],
    });
    interrupted({ ...state, dynamics: "sa" });
    expect((await sweep("--out", "pulled", "--precision", "float64")).failed).toEqual([
      expect.stringMatching(/has another plugins\./),
    ]);
    expect(sweepSchema.parse(jsonOf(await sweep("--json")))).not.toHaveProperty("plugins");
  });

  it("reads parameters where the dynamics does", async () => {
    writeFileSync(join(cwd, "alpha.json"), '{"alpha": 0.5}');
    const args = ["sweep", ...ARGS, "--json", "--dynamics", "sa-ngpt", "--params", "alpha.json"];
    const slow = sweepSchema.parse(jsonOf(await runCli(args, { cwd })));
    expect(slow.dynamics).toBe("sa_ngpt");
  });

  it("refuses what it cannot use in one line, and writes nothing", async () => {
    for (const [flag, value, message] of [
      ["--betas", "a", "--betas: a."],
      ["--times", "3,1", "times: 1 after 3."],
      ["--n", "1", "--n wants a whole number from 2 on."],
      ["--seeds", "0", "--seeds wants"],
      ["--threshold", "2", "threshold: 2."],
      ["--dynamics", "sa-krause", "params: radius missing"],
      ["--rtol", "0", "rtol: 0."],
      ["--workers", "0", "--workers wants"],
      ["--precision", "half", "--precision"],
    ]) {
      const { code, out, failed } = await sweep("--out", "never", flag, value);
      expect({ code, out }).toEqual({ code: 2, out: [] });
      expect(failed).toHaveLength(1);
      expect(failed[0]).toContain(message);
    }
    expect(existsSync(join(cwd, "never"))).toBe(false);
  });
});
