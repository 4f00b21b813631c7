import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const value = z.looseObject({ name: z.string().min(1) });
/** The keys that are promised; there may be more. */
const inspectSchema = z.looseObject({
  model: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  layers: z.int().min(1),
  hidden_size: z.int().min(1),
  norm: z.enum(["post", "pre"]),
  parallel: z.boolean(),
  shared_weights: z.boolean(),
  inputs: z.array(value).min(1),
  outputs: z.array(value).min(1),
  stream: z.array(
    z.strictObject({
      layer: z.union([z.int().min(0), z.literal("final_norm")]),
      name: z.string(),
      tensor: z.string().min(1),
    }),
  ),
  warnings: z.array(z.string()),
});

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("albert", "gpt2");
});
afterAll(() => fixtures.remove());

function inspect(model: string, ...more: readonly string[]) {
  return runCli(["inspect", fixtures.model(model), ...more], { cwd: fixtures.cwd });
}

describe("inspect", () => {
  it.each([
    { model: "albert", layers: 6, norm: "post", shared: true, last: 6 },
    { model: "gpt2", layers: 3, norm: "pre", shared: false, last: "final_norm" },
  ])("keeps its promise of keys for $model", async ({ model, layers, norm, shared, last }) => {
    const described = inspectSchema.parse(jsonOf(await inspect(model, "--json")));
    expect(described).toMatchObject({ layers, norm, shared_weights: shared, parallel: false, hidden_size: 32 });
    expect(described.stream[0].layer).toBe(0);
    expect(described.stream[described.stream.length - 1].layer).toBe(last);
  });

  it("takes a folder as it takes a file", async () => {
    const byFolder = await runCli(["inspect", fixtures.folder("gpt2"), "--json"], { cwd: fixtures.cwd });
    const { model, ...rest } = jsonOf(byFolder) as Record<string, unknown>;
    expect(model).toBe(fixtures.folder("gpt2"));
    expect(jsonOf(await inspect("gpt2", "--json"))).toMatchObject(rest);
  });

  it("prints one line a layer where no JSON is asked for, and writes nothing", async () => {
    const { code, out } = await inspect("albert");
    expect(code).toBe(0);
    const table = out.slice(out.findIndex((line) => line.startsWith("layer ")) + 1);
    expect(table.filter((line) => !line.startsWith("note: "))).toHaveLength(7);
    expect(existsSync(join(fixtures.cwd, "runs"))).toBe(false);
  });

  it("writes inspect.json where a folder is named, and again over it with --force only", async () => {
    const { out } = await inspect("albert", "--json", "--out", "about");
    const file = join(fixtures.cwd, "about/inspect.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      format: "tokensphere/inspect",
      version: 1,
      ...JSON.parse(out[0]),
    });
    expect((await inspect("albert", "--out", "about")).code).toBe(2);
    expect((await inspect("gpt2", "--out", "about", "--force")).code).toBe(0);
    expect(JSON.parse(readFileSync(file, "utf8")).layers).toBe(3);
  });
});
