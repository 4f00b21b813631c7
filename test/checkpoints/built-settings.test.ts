import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ARCHITECTURES } from "../../models/checkpoints/architectures.ts";
import { overriddenPlan } from "../../models/checkpoints/override-plan.ts";
import type { RawInputs } from "../../models/index.ts";
import { openModel } from "../../models/open-model.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";

/** By the first of an architecture's model types: the fixture that has its config. */
const FIXTURES: Readonly<Record<string, string>> = { t5: "t5-encoder", "deberta-v2": "deberta-v3" };

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
const folderOf = (type: string): string => join(fixtures.folder, FIXTURES[type] ?? type);
const configOf = async (type: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folderOf(type), "config.json"), "utf8"));

beforeAll(async () => {
  const names = ARCHITECTURES.map(({ modelTypes: [type] }) => FIXTURES[type] ?? type);
  fixtures = await unpackFixtures(...new Set(names));
});
afterAll(() => fixtures.remove());

describe.each(ARCHITECTURES)("config.json of $modelTypes", (architecture) => {
  const [type] = architecture.modelTypes;
  const plan = async (change: Readonly<Record<string, unknown>>) =>
    overriddenPlan(architecture, { ...(await configOf(type)), ...change }, "config.json", {});

  it("may name every key at what is built, null or not at all", async () => {
    for (const [key, values] of Object.entries(architecture.built ?? {})) {
      for (const value of [...values, null, undefined]) await expect(plan({ [key]: value })).resolves.toBeDefined();
    }
  });

  it("is refused where a key that nothing reads asks for another function", async () => {
    for (const key of [...Object.keys(architecture.built ?? {}), "add_cross_attention"]) {
      await expect(plan({ [key]: true === architecture.built?.[key]?.[0] ? false : 17 })).rejects.toMatchObject({
        kind: "input",
        message: expect.stringMatching(new RegExp(`^not built from a checkpoint: ${type} with ${key} (17|false)\\. `)),
      });
    }
    await expect(plan({ pruned_heads: { 0: [1] } })).rejects.toThrow(/with pruned_heads \{"0":\[1\]\}/);
    await expect(plan({ pruned_heads: {} })).resolves.toBeDefined();
  });

  it("is drawn in both directions, or refused, where is_causal is turned", async () => {
    const own = await plan({});
    const causal = own.attention.causal ?? false;
    const turned = await plan({ is_causal: !causal }).catch((error: unknown) => error);
    if (turned instanceof Error) expect(turned).toMatchObject({ kind: "input", message: /is_causal true/ });
    else expect(turned).toMatchObject({ attention: { causal: !causal } });
    expect(turned instanceof Error).toBe(!causal);
  });
});

it("a decoder that is not causal lets the first token see the last", async () => {
  const folder = folderOf("llama");
  const config = await configOf("llama");
  const ids = (...data: number[]): RawInputs => ({
    input_ids: { dtype: "int64", shape: [1, 3], data: BigInt64Array.from(data, BigInt) },
  });
  const moved = async (is_causal: boolean): Promise<number> => {
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, is_causal }));
    const model = await openModel(folder, { threads: 1, randomInit: 3 });
    const [a, b] = [await model.states(ids(5, 6, 7)), await model.states(ids(5, 6, 8))];
    await model.close();
    return Math.abs(a.layers[1].x[0] - b.layers[1].x[0]);
  };
  expect(await moved(true)).toBe(0);
  expect(await moved(false)).toBeGreaterThan(1e-4);
});
