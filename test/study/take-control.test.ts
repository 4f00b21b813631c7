import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { RUN_FILES } from "../../src/run/rows/run-files.ts";
import { stageClock } from "../../src/run/stage-clock.ts";
import { openSource } from "../../src/sources/open-source.ts";
import { askedControl, askedIntervention } from "../../src/study/beside.ts";
import { takeControl } from "../../src/study/take-control.ts";
import { takeIntervention } from "../../src/study/take-intervention.ts";
import { type TakenReading, takeReading } from "../../src/study/take-reading.ts";
import { fakeEffects } from "../cli/run-cli.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
let folder = "";
let bert = "";
let source: TakenReading;
const said: string[] = [];
const effects = fakeEffects({ cwd: "/" }, { out: [], failed: [], said });
const policy = () => defaultPolicy;

/** Flags as a command line without any leaves them. */
function flags(given: object = {}) {
  const inputs = join(fixtures.folder, "bert/inputs.json");
  return { seed: 1, control: true, controlDraws: 1, intervention: true, updates: true, who: false, inputs, ...given };
}

function place() {
  return { effects, clock: stageClock(effects), folder };
}

function read(reference: string, given: object = {}): Promise<TakenReading> {
  const plan = { policy, measure: null, saveStates: false, keepRows: false, keepStates: true };
  return takeReading(place(), { open: () => openSource(effects, reference, flags(given)) }, 0, plan);
}

beforeAll(async () => {
  fixtures = await unpackFixtures("bert");
  folder = await mkdtemp(join(tmpdir(), "tokensphere-study-"));
  bert = join(fixtures.folder, "bert/model.onnx");
  source = await read(bert);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await fixtures.remove();
});

describe("the untrained control", () => {
  const take = (asked: Parameters<typeof takeControl>[2], of = source) => takeControl(place(), of, asked, policy);

  it("is the architecture of config.json with fresh weights: the same texts and layers, other states", async () => {
    const { control, controlReason } = await take(askedControl(effects, bert, flags()));
    expect(controlReason).toBeNull();
    const [[own]] = control?.draws ?? [[]];
    const [trained] = source.states;
    expect([own.batch, own.n, own.d, own.layers.length]).toEqual([
      trained.batch,
      trained.n,
      trained.d,
      trained.layers.length,
    ]);
    expect(own.layers[2].x).not.toEqual(trained.layers[2].x);
    const again = await read(bert, { randomInit: 1 });
    expect(again.states[0].layers).toEqual(own.layers);
  });

  it("is silent about overrides that nobody gave", () => {
    expect(said.filter((line) => line.includes("random-init"))).toEqual([
      "note: built from the checkpoint: random-init cannot be changed in model.onnx",
    ]);
  });

  it("is drawn as often as asked, each draw from the next seed", async () => {
    const more = await take(askedControl(effects, bert, flags({ controlDraws: 2 })));
    const alone = await Promise.all([1, 2].map((randomInit) => read(bert, { randomInit })));
    expect(more.control?.draws.map(([one]) => one.layers)).toEqual(alone.map(({ states: [one] }) => one.layers));
    expect(alone[0].states[0].layers[2].x).not.toEqual(alone[1].states[0].layers[2].x);
  });

  it("is left out where it is not asked for, and where the network itself is untrained", async () => {
    expect(await take(askedControl(effects, bert, flags({ control: false })))).toEqual({
      control: null,
      controlReason: "left out as asked",
    });
    expect((await take(askedControl(effects, bert, flags({ randomInit: 0 })))).controlReason).toBe(
      "the network itself is untrained",
    );
    expect(await take(undefined)).toEqual({ control: null, controlReason: null });
  });

  it("is not there for saved states, and no failure", async () => {
    const saved: TakenReading = { ...source, source: { kind: "states", name: "run" } };
    expect((await take(askedControl(effects, bert, flags()), saved)).controlReason).toBe(
      "saved states come without the model that made them",
    );
  });

  it("is not there without config.json, nor where that tells another network, and no failure", async () => {
    const deeper = { ...source, states: source.states.map((one) => ({ ...one, layers: one.layers.slice(1) })) };
    expect((await take(askedControl(effects, bert, flags()), deeper)).controlReason).toBe(
      "config.json tells another network than the model's file",
    );
    const config = join(fixtures.folder, "bert/config.json");
    await rename(config, `${config}.aside`);
    const { control, controlReason } = await take(askedControl(effects, bert, flags()));
    await rename(`${config}.aside`, config);
    expect(control).toBeNull();
    expect(controlReason).toMatch(/^random-init needs a checkpoint.*put config\.json beside the ONNX file$/);
  });
});

describe("the intervention of a study", () => {
  it("leaves its table in the folder of the run", async () => {
    const { intervention, interventionReason } = await takeIntervention(
      place(),
      source,
      askedIntervention(effects, bert, flags()),
    );
    expect(interventionReason).toBeNull();
    expect(intervention?.every(({ context_share }) => Number(context_share) > 1e-6)).toBe(true);
    expect(existsSync(join(folder, RUN_FILES.intervention))).toBe(true);
  });

  it("is left out where it is not asked for, and not there for saved states", async () => {
    const saved: TakenReading = { ...source, source: { kind: "states", name: "run" } };
    const asked = askedIntervention(effects, bert, flags());
    expect(await takeIntervention(place(), saved, asked)).toEqual({
      intervention: null,
      interventionReason: "saved states come without the model that made them",
    });
    const off = askedIntervention(effects, bert, flags({ intervention: false }));
    expect((await takeIntervention(place(), source, off)).interventionReason).toBe("left out as asked");
  });
});
