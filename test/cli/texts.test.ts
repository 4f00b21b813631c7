import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensors } from "../../models/arrays/safetensors-reader.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { writeToyTokenizer } from "../models/toy-tokenizer.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { jsonOf, runCli } from "./run-cli.ts";

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("bert");
  await writeToyTokenizer(fixtures.folder("bert"));
});
afterAll(() => fixtures.remove());

async function probe(args: readonly string[], stdin = ""): Promise<MetricRow[]> {
  const result = await runCli(["probe", fixtures.folder("bert"), "--json", ...args], { cwd: fixtures.cwd, stdin });
  return (jsonOf(result) as { metrics: MetricRow[] }).metrics;
}

/** Tokens that were counted, by text. */
function sizes(rows: readonly MetricRow[]): number[] {
  return [...new Map(rows.map((r) => [r.text, r.n])).values()];
}

function write(name: string, content: string): string {
  writeFileSync(join(fixtures.cwd, name), content);
  return name;
}

describe("texts", () => {
  it("are numbered in the order given, --text first, and lose the tokens that the tokenizer adds", async () => {
    const file = write("three.txt", "the sphere and\n");
    expect(sizes(await probe(["--text-file", file, "--text", "a token", "--text", "the token and a sphere"]))).toEqual([
      2, 5, 3,
    ]);
  });

  it("keep them, or are nothing but them, where the policy says so", async () => {
    expect(sizes(await probe(["--text", "a token", "--special-tokens", "keep"]))).toEqual([4]);
    expect(sizes(await probe(["--text", "a token", "--special-tokens", "only"]))).toEqual([2]);
  });

  it("come from a file's lines with --lines, the empty ones left out", async () => {
    const file = write("lines.txt", "the sphere\n\n  \na token and\r\n");
    expect(sizes(await probe(["--text-file", file, "--lines"]))).toEqual([2, 3]);
  });

  it("come from stdin where the name is -", async () => {
    const rows = await probe(["--text-file", "-"], "the sphere and a token");
    expect(rows).toEqual(await probe(["--text", "the sphere and a token"]));
  });

  it("are saved one by one, text.i.hidden_states.k, and recorded with their tokens", async () => {
    const run = ["probe", fixtures.folder("bert"), "--text", "the sphere", "--text", "a token and", "--save-states"];
    expect((await runCli([...run, "--out", "run"], { cwd: fixtures.cwd })).code).toBe(0);
    const file = await openSafetensors(join(fixtures.cwd, "run/states.safetensors"));
    const shapes = [0, 1].map((i) => file.tensors.get(`text.${i}.hidden_states.3`)!.shape);
    await file.close();
    expect(shapes).toEqual([
      [1, 4, 32],
      [1, 5, 32],
    ]);
    const { manifest } = readRun(join(fixtures.cwd, "run"));
    expect(manifest.policy).toMatchObject({ specialTokens: "drop", specialKnown: true });
    expect(manifest.texts).toMatchObject([
      { tokens: ["[CLS]", "the", "sphere", "[SEP]"], special: [1, 0, 0, 1] },
      { tokens: ["[CLS]", "a", "token", "and", "[SEP]"], special: [1, 0, 0, 0, 1] },
    ]);
  });

  it("of one token are refused, with the way out", async () => {
    const result = await runCli(["probe", fixtures.folder("bert"), "--text", "token"], { cwd: fixtures.cwd });
    expect(result).toMatchObject({ code: 3, out: [] });
    expect(result.failed[0]).toMatch(/text 0: 1 token left .* --special-tokens keep/);
  });

  it("longer than the model's positions are refused, or cut where --truncate says so, which is recorded", async () => {
    const long = ["probe", fixtures.folder("bert"), "--text", "token ".repeat(300).trim()];
    const refused = await runCli(long, { cwd: fixtures.cwd });
    expect(refused).toMatchObject({ code: 3, out: [] });
    expect(refused.failed[0]).toContain("--truncate");
    const cut = await runCli([...long, "--truncate", "--out", "cut"], { cwd: fixtures.cwd });
    expect(cut.code).toBe(0);
    expect(cut.said.join(" ")).toMatch(/note: .*cut/);
    expect(readRun(join(fixtures.cwd, "cut")).manifest.arguments).toMatchObject({ truncate: true });
  });
});
