import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { intervene } from "../../src/intervention/intervene.ts";
import type { InterventionRow } from "../../src/run/rows/intervention-row.ts";
import { sourceOf } from "../../src/sources/open-source.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";
import { type ToyLaw, toyStudy } from "./toy-contexts.ts";

const folder = mkdtempSync(join(tmpdir(), "tokensphere-contexts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STEP = 0.02; // So short that a step is its velocity to about as much.
const LAWS = {
  centres: { beta: 4, attention: 0, centres: 0.3 },
  averaging: { beta: 0, attention: STEP, centres: 0 },
  sa: { beta: 4, attention: STEP, centres: 0 },
  both: { beta: 4, attention: STEP, centres: 0.3 },
  causal: { beta: 4, attention: STEP, centres: 0, isCausal: true },
} as const;

async function rowsOf(law: Omit<ToyLaw, "takesMask">, takesMask: boolean, betas?: readonly number[]) {
  const { states, open } = await toyStudy({ ...law, takesMask }, join(folder, "toy.onnx"));
  const { rows, reason } = await intervene([states], defaultPolicy, { open, seed: 1, ...(betas ? { betas } : {}) });
  expect(reason).toBeNull();
  return rows ?? [];
}

function ofField(rows: readonly InterventionRow[], field: string): readonly InterventionRow[] {
  return rows.filter((row) => row.field === field);
}

describe.each([true, false])("an intervention (attention_mask: %s)", (takesMask) => {
  it("finds no context in tokens pulled to fixed centres, though a trajectory looks like attention", async () => {
    const rows = await rowsOf(LAWS.centres, takesMask);
    expect(rows.map(({ layer, field }) => `${layer} ${field}`)).toEqual(
      [0, 1, 2].flatMap((k) => ["averaging", "sa", "usa"].map((field) => `${k} ${field}`)),
    );
    for (const row of rows) {
      expect(row.context_share).toBeLessThan(1e-6);
      expect(row).toMatchObject({ beta: null, update: null, gram: null, null: null });
    }
  });

  it("explains attention that averages by averaging", async () => {
    for (const row of ofField(await rowsOf(LAWS.averaging, takesMask), "averaging")) {
      expect(row.context_share).toBeGreaterThan(0.01);
      // Second order in the step.
      expect(row.update).toBeGreaterThan(0.99);
      expect(row.gram).toBeGreaterThan(0.99);
      expect(row.beta).toBeNull();
    }
  });

  it("explains self-attention by SA at its β, far above permuted tokens, and by averaging less", async () => {
    const rows = await rowsOf(LAWS.sa, takesMask);
    for (const [k, row] of ofField(rows, "sa").entries()) {
      expect(row.beta).toBe(4);
      expect(row.update).toBeGreaterThan(0.99);
      expect(row.gram).toBeGreaterThan(0.99);
      expect(row.null).toBeLessThan(0.2);
      expect(ofField(rows, "averaging")[k].update).toBeLessThan(0.9);
    }
  });

  it("sees through what each token does by itself", async () => {
    for (const row of ofField(await rowsOf(LAWS.both, takesMask), "sa")) {
      expect(row.context_share).toBeLessThan(0.1);
      // What a token does by itself goes on from where attention left it, and bends the way and the best β a little.
      expect(row.update).toBeGreaterThan(0.7);
      expect(Math.abs(Math.log2((row.beta ?? 0) / 4))).toBeLessThan(0.51);
    }
  });

  it("takes the causal form of a field where tokens see only what comes before them", async () => {
    const rows = await rowsOf(LAWS.causal, takesMask, [2, 4]);
    expect(new Set(rows.map(({ field }) => field))).toEqual(new Set(["averaging_causal", "sa_causal", "usa_causal"]));
    for (const row of ofField(rows, "sa_causal")) {
      expect(row.beta).toBe(4);
      expect(row.update).toBeGreaterThan(0.99);
    }
  });
});

describe("an intervention", () => {
  it("starts every block from the same states, and gives the same numbers for the same seed", async () => {
    const { states, open } = await toyStudy({ ...LAWS.sa, takesMask: true }, join(folder, "again.onnx"));
    const run = (seed: number) => intervene([states], defaultPolicy, { open, seed, betas: [4] });
    const [first, second, other] = [await run(1), await run(1), await run(2)];
    expect(first).toEqual(second);
    expect(first.rows).not.toEqual(other.rows);
    expect(new Set(first.rows?.map(({ reading }) => reading))).toEqual(new Set(["direct"]));
  });

  it("takes tokens out from layer 0 on where blocks cannot be given states, and says so; rows of a batch are texts", async () => {
    const fixtures = await unpackFixtures("albert");
    const path = join(fixtures.folder, "albert/model_fp16.onnx");
    const input = await readInputs(join(fixtures.folder, "albert/inputs.json"));
    const open = async () => {
      const inputs = async function* () {
        yield { name: "two rows", text: null, input, many: false };
      };
      return sourceOf(await openModel(path, { threads: 1 }), path, async function* () {}, undefined, inputs);
    };
    const source = await open();
    const states = await source.opened!.model.states(input);
    await source.close();
    const { rows, reason } = await intervene([states], defaultPolicy, { open, seed: 1, betas: [2] });
    expect(reason).toMatch(/^blocks cannot be run one by one: .*float32/);
    expect(new Set(rows?.map(({ reading, text }) => `${reading} ${text}`))).toEqual(new Set(["total 0", "total 1"]));
    for (const { context_share } of rows ?? []) expect(context_share).toBeGreaterThan(1e-6);
    await fixtures.remove();
  });

  it("is not centred, since a centre would change with the context", async () => {
    const { states, open } = await toyStudy({ ...LAWS.centres, takesMask: true }, join(folder, "centred.onnx"));
    const { rows } = await intervene([states], { ...defaultPolicy, center: "mean" }, { open, seed: 1 });
    for (const row of rows ?? []) expect(row.context_share).toBeLessThan(1e-6);
  });

  it("says why there is none", async () => {
    const { states, open } = await toyStudy({ ...LAWS.sa, takesMask: true }, join(folder, "none.onnx"));
    const only = await intervene([states], { ...defaultPolicy, specialTokens: "only" }, { open, seed: 1 });
    expect(only).toEqual({ rows: null, reason: "only the template's tokens count, and those stay" });
    const short = { ...states, mask: states.mask.map((_, i) => (i < 3 ? 1 : 0)) };
    const few = await intervene([short], defaultPolicy, { open, seed: 1 });
    expect(few).toEqual({ rows: null, reason: "no text has four tokens of its own: halves without a pair" });
    const closed = async () => ({ ...(await open()), opened: null });
    const none = await intervene([states], defaultPolicy, { open: closed, seed: 1 });
    expect(none.rows).toBeNull();
    expect(none.reason).toMatch(/^no model to be run again/);
  });
});
