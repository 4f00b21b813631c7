import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UPDATES } from "../../src/run/updates-table.ts";
import type { UpdateRow } from "../../src/updates/update-row.ts";
import { jsonOf, runCli } from "../cli/run-cli.ts";
import { floats, npzBytes } from "../models/write-npz.ts";
import { moved, saVelocity, unitCloud } from "./updates-case.ts";

const PLUGIN = `export default { dynamics: [{
  name: "pull", parameters: { strength: { least: 0 } },
  field({ x, n, d, beta, parameters: { strength } }, out) {
    for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) out[i * d + k] = strength * x[((i + 1) % n) * d + k] * Math.exp(-beta);
  },
}] };`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-updates-"));
  // Two texts of twelve tokens, three layers: SA at β = 4 and a little else.
  const texts = [1, 2].map((seed) => {
    const layers = [unitCloud(12, 6, seed)];
    for (let k = 0; k < 2; k++)
      layers.push(moved(moved(layers[k], saVelocity(layers[k], 4), 0.2), unitCloud(12, 6, 9 + k).x, 0.03));
    return layers;
  });
  const layer = (k: number) =>
    floats(
      [2, 12, 6],
      texts.flatMap((layers) => [...layers[k].x]),
    );
  writeFileSync(join(cwd, "two.npz"), npzBytes(Object.fromEntries([0, 1, 2].map((k) => [`arr_${k}`, layer(k)]))));
  const one = [0, 1, 2].map((k) => [`arr_${k}`, floats([1, 12, 6], [...texts[0][k].x])] as const);
  writeFileSync(join(cwd, "one.npz"), npzBytes(Object.fromEntries(one)));
  writeFileSync(join(cwd, "pull.mjs"), PLUGIN);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runCli(args, { cwd });
const rowsOf = async (...args: readonly string[]) =>
  (jsonOf(await run(...args, "--json")) as { updates: UpdateRow[] }).updates;

describe("updates", () => {
  it("gives a row for each text, step and field: its shares, intervals and null", async () => {
    const rows = await rowsOf("updates", "two.npz");
    expect(rows.map(({ text, layer, field }) => `${text} ${layer} ${field}`)).toEqual(
      [0, 1].flatMap((text) =>
        [0, 1].flatMap((layer) => ["averaging", "sa", "usa"].map((field) => `${text} ${layer} ${field}`)),
      ),
    );
    const { update, gram, added, beta, beta_interval, p, note, ...rest } = rows[1];
    expect(Object.keys(rest).sort()).toEqual(
      [
        ...["text", "layer", "field", "beta_from", "size", "step", "gram_beyond_mean", "partial", "partial_interval"],
        ...["added_interval", "null", "null_partial", "without_selection"],
      ].sort(),
    );
    expect(update).toBeGreaterThan(0.5);
    expect(gram).toBeGreaterThan(0.5);
    expect([p, note]).toEqual([0.005, ""]);
    expect(beta_interval?.[0]).toBeLessThan(beta ?? 0);
    expect(added).toBeGreaterThan(0);
  });

  it("takes fields and β from the command line, a plugin's dynamics with its parameter too", async () => {
    const flags = [
      "--fields",
      "averaging,SA,hardmax,pull",
      "--betas",
      "1,4",
      "--plugin",
      "pull.mjs",
      "--parameter",
      "strength=2",
    ];
    const rows = await rowsOf("updates", "one.npz", ...flags);
    expect(rows.filter(({ layer }) => layer === 0).map(({ field, beta }) => [field, beta])).toEqual([
      ["averaging", null],
      ...["sa", "hardmax", "pull"].flatMap((field) => [1, 4].map((beta) => [field, beta])),
    ]);
    const [one, four] = rows.filter(({ field }) => field === "pull");
    expect(four.added).toBeCloseTo(one.added ?? 9, 12);
    expect((four.step ?? 0) / (one.step ?? 1)).toBeCloseTo(Math.exp(3), 6);
  });

  it("follows the policy: centred tokens move otherwise", async () => {
    const [plain, centred] = [
      await rowsOf("updates", "one.npz"),
      await rowsOf("updates", "one.npz", "--center", "mean"),
    ];
    expect(centred[0].size).not.toBeCloseTo(plain[0].size ?? 0, 3);
  });

  it("prints a table and two sentences, and writes nothing without --out", async () => {
    const before = readdirSync(cwd);
    const { code, out, failed } = await run("updates", "two.npz");
    expect([code, failed]).toEqual([0, []]);
    expect(out[0]).toMatch(/^layer +turn +no selection +field +beta/);
    expect(out.filter((line) => /^ +[01] /.test(line))).toHaveLength(6);
    expect(out.at(-1)).toMatch(/^U?SA at β = .* adds .* % to the change of inner products in the steps? from layer/);
    expect(out.at(-1)).toMatch(
      /\. Of the motion of the tokens themselves U?SA makes at most .* % in any step, averaging at most/,
    );
    expect(readdirSync(cwd)).toEqual(before);
  });

  it("leaves a run with --out, which report draws again", async () => {
    const rows = await rowsOf("updates", "two.npz", "--out", "run");
    expect(UPDATES.fromCsv(readFileSync(join(cwd, "run/updates.csv"), "utf8"))).toEqual(rows);
    expect((await run("report", "run", "--out", "again")).code).toBe(0);
    const [first, again] = ["run", "again"].map((folder) => readFileSync(join(cwd, folder, "report.html"), "utf8"));
    expect(first).toContain("The law of the updates");
    const words = />[^<>]*adds [^<>]*the change of inner products[^<>]*</;
    expect(again.match(words)?.[0]).toBe(first.match(words)?.[0]);
    expect(readFileSync(join(cwd, "again/updates.csv"), "utf8")).toBe(
      readFileSync(join(cwd, "run/updates.csv"), "utf8"),
    );
  });

  it.each([
    [["--fields", "sa,nothing"], 2, "--fields: nothing. use averaging, sa, usa, "],
    [["--fields", "sa,sa"], 2, "--fields wants different names between commas"],
    [["--betas", "1,x"], 2, "--betas wants finite numbers from 0 on"],
    [["--betas", "-1"], 2, "--betas wants finite numbers from 0 on"],
    [["--parameter", "radius=1"], 2, "--parameter radius: none of averaging, sa, usa reads it. leave it out"],
    [["--fields", "pull", "--plugin", "pull.mjs"], 2, "params: strength missing. pull needs strength"],
    [["--depth", "2"], 2, "--depth: one.npz holds hidden states, no model is run"],
  ])("refuses %j in one line", async (flags, code, message) => {
    const result = await run("updates", "one.npz", ...flags);
    expect(result.code).toBe(code);
    expect(result.failed).toEqual([expect.stringContaining(message)]);
  });
});

describe("a probe", () => {
  it("measures the updates too, unless they are left out", async () => {
    const rows = await rowsOf("probe", "one.npz", "--out", "with");
    expect(rows).toHaveLength(6);
    expect(rows).toEqual(await rowsOf("updates", "one.npz"));
    const without = jsonOf(await run("probe", "one.npz", "--out", "without", "--no-updates", "--json"));
    expect(without).not.toHaveProperty("updates");
    expect(existsSync(join(cwd, "with/updates.csv"))).toBe(true);
    expect(existsSync(join(cwd, "without/updates.csv"))).toBe(false);
  });
});
