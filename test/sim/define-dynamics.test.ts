import { describe, expect, it } from "vitest";
import { asDynamics, defineDynamics } from "../../sim/dynamics/define-dynamics.ts";
import type { DynamicsDefinition } from "../../sim/dynamics/definition.ts";
import { DYNAMICS, findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { chooseEngine, fastestEngine } from "../../sim/engines/choose-engine.ts";
import type { EngineKind } from "../../sim/engines/contract/engine.ts";
import { ENGINES } from "../../sim/engines/engine-table.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { findMethod } from "../../sim/methods/methods.ts";
import { rk4 } from "../../sim/methods/rk4.ts";
import { angleReduction } from "../../sim/reductions/angles.ts";
import { gramReduction } from "../../sim/reductions/gram.ts";
import { spanReduction } from "../../sim/reductions/span.ts";
import { simulateNoisy } from "../../sim/simulate/noisy.ts";
import type { SimulateOptions } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { localHelper } from "../../sim/sweep/local-helper.ts";
import { sweep, sweepPrecision } from "../../sim/sweep/sweep.ts";
import type { SweepTask } from "../../sim/sweep/sweep-task.ts";
import { largestDifference, record, start } from "./cases.ts";
import { handMadeSa, krause } from "./defined.ts";

const usual: Omit<SimulateOptions, "dynamics"> = {
  n: 6,
  d: 3,
  times: [0, 0.5, 4],
  systems: [1, 8].map((beta, s) => ({ beta, x0: start(6, 3, s) })),
};

describe("SA defined by hand", () => {
  it("moves tokens as SA does", async () => {
    const [own, built] = await Promise.all(
      [handMadeSa, "sa"].map((dynamics) => record({ ...usual, dynamics, rtol: 1e-11, atol: 1e-11 })),
    );
    for (const [s, clouds] of own.clouds.entries())
      for (const [t, { x }] of clouds.entries()) expect(largestDifference(x, built.clouds[s][t].x)).toBeLessThan(1e-9);
  });

  it("moves them so with noise too, along the same path", async () => {
    const ends: Float64Array[] = [];
    for (const [k, dynamics] of [handMadeSa, "sa"].entries()) {
      const options = { ...usual, dynamics, kappa: 5, step: 0.05, systems: [{ ...usual.systems[0], seed: 3 }] };
      await simulateNoisy(options, { save: (_s, _i, _t, { x }) => void ends.splice(k, 1, Float64Array.from(x)) });
    }
    expect(largestDifference(ends[0], ends[1])).toBeLessThan(1e-9);
  });

  it("has the same phase diagram, in float64: it has no graph for whole float32 steps", async () => {
    const options = { n: 5, d: 2, betas: [1, 4], times: [0, 1, 5], seeds: 20 };
    const own = await sweep({ ...options, dynamics: handMadeSa });
    const built = await sweep({ ...options, dynamics: "sa", precision: "float64" });
    for (const [b, { probability, meanCosine }] of own.entries()) {
      expect(probability).toEqual(built[b].probability);
      expect(largestDifference(meanCosine as number[], built[b].meanCosine as number[])).toBeLessThan(1e-9);
    }
    expect(sweepPrecision({ ...options, dynamics: handMadeSa })).toBe("float64");
    await expect(sweep({ ...options, dynamics: handMadeSa, precision: "float32" })).rejects.toThrow(
      "precision: float32, but hand_made_sa has no graph for onnx runtime. use float64",
    );
  });

  it("goes through a helper as a value in the task", async () => {
    const task: SweepTask = {
      ...{ dynamics: handMadeSa, n: 4, d: 2, times: [0, 2], seeds: 6, firstSeed: 1, threshold: 0.999 },
      ...{ rtol: 1e-6, atol: 1e-6, precision: "float64", engine: "auto", threads: 1 },
    };
    const helper = localHelper(task);
    const { count } = await helper.sums({ beta: 1, from: 0, to: 6 }, () => {});
    await helper.release();
    expect([...count]).toEqual([6, 6]);
  });

  it("is computed by plain TypeScript, whatever the size, and refused by the engines that cannot", async () => {
    const task = { dynamics: handMadeSa, params: {}, n: 300, d: 30 };
    expect(fastestEngine(task, 8)).toBe("ts");
    // These two have no graph either.
    const plain = [DYNAMICS.sa_sinkhorn, DYNAMICS.usa_wfr];
    for (const dynamics of Object.values(DYNAMICS))
      expect(plain.includes(dynamics) ? ["ts"] : ["ort", "simd"]).toContain(
        fastestEngine({ dynamics, n: 300, d: 30 }, 8),
      );
    for (const [engine, message] of [
      ["ort", "engine ort: hand_made_sa has no graph for onnx runtime. use auto or ts"],
      ["simd", "engine simd: hand_made_sa. use it with sa, usa and the like"],
      ["harmonic", "engine harmonic: hand_made_sa with d = 3. use it with sa, usa and the like at d = 2 or 3"],
    ])
      await expect(simulate({ ...usual, dynamics: handMadeSa, engine })).rejects.toMatchObject({
        kind: "usage",
        message,
      });
  });
});

describe("bounded confidence as a definition", () => {
  /** Distances of all pairs at the end. */
  async function distances(params: SimulateOptions["params"]): Promise<number[]> {
    const [n, d] = [40, 2];
    const options = { dynamics: krause, n, d, params, times: [40], systems: [{ beta: 0, x0: start(n, d, 2) }] };
    const { results, clouds } = await record(options);
    expect(results[0].outcome).toBe("reached the end");
    const { x } = clouds[0][0];
    return Array.from({ length: n * n }, (_, e) => {
      const [i, j] = [Math.floor(e / n), e % n];
      return Math.hypot(x[2 * i] - x[2 * j], x[2 * i + 1] - x[2 * j + 1]);
    });
  }

  it("comes to clusters that no longer see each other, at the default radius and at one that is given", async () => {
    for (const [params, radius] of [
      [{}, 0.5],
      [{ radius: 0.9 }, 0.9],
    ] as const) {
      const all = await distances(params);
      expect(all.every((distance) => distance < 1e-6 || distance > radius)).toBe(true);
      expect(all.some((distance) => distance > radius)).toBe(true);
    }
  });

  it("comes to one cluster where all see all", async () => {
    expect(Math.max(...(await distances({ radius: 2 })))).toBeLessThan(1e-6);
  });
});

describe("a definition", () => {
  const plain: DynamicsDefinition = { name: "rest", field: () => {} };

  it("is taken as it is wherever a dynamics is, and defining twice changes nothing", async () => {
    expect(defineDynamics(krause)).toBe(krause);
    expect(findDynamics(krause)).toBe(krause);
    expect(findDynamics(plain)).toMatchObject({ name: "rest", geometry: "sphere", rotates: false });
    const { clouds } = await record({ ...usual, dynamics: plain });
    expect(largestDifference(clouds[0][2].x, clouds[0][0].x)).toBe(0);
  });

  it("may return its velocity in place of writing it, and cannot move the tokens it is shown", async () => {
    const swirl = ({ x, d }: { x: Float64Array; d: number }) =>
      x.map((_, e) => (e % d === 0 ? -x[e + 1] : e % d === 1 ? x[e - 1] : 0));
    const written = defineDynamics({
      name: "swirl",
      field: (input, out) => {
        out.set(swirl(input));
        input.x.fill(9);
      },
    });
    const runs = await Promise.all(
      [written, defineDynamics({ name: "swirl", field: swirl })].map((dynamics) => record({ ...usual, dynamics })),
    );
    expect(runs[0].clouds).toEqual(runs[1].clouds);
    // A rotation about the third axis by the angle 4.
    const [before, after] = [usual.systems[0].x0, runs[0].clouds[0][2].x];
    const turned = Math.cos(4) * before[0] - Math.sin(4) * before[1];
    expect(after[0]).toBeCloseTo(turned, 7);
  });

  it("that comes from a file is named with it, whether defined there or plain", async () => {
    const bad: DynamicsDefinition = { name: "bad", field: (_, out) => void out.fill(Number.NaN) };
    for (const dynamics of [asDynamics(bad, "mine.mjs"), asDynamics(defineDynamics(bad), "mine.mjs")]) {
      expect(dynamics.origin).toBe("mine.mjs");
      await expect(simulate({ ...usual, dynamics })).rejects.toThrow(/^dynamics bad \(mine.mjs\): field gave NaN/);
    }
    expect(() => asDynamics({ name: "bad" }, "mine.mjs")).toThrow(/^dynamics bad \(mine.mjs\): no field\./);
    expect(() => asDynamics(7, "mine.mjs")).toThrow("dynamics (mine.mjs): 7. give { name, field }");
  });
});

describe("a mistake in a definition is one line", () => {
  const at = (e: number, value: number) => (_: unknown, out: Float64Array) => void out.fill(value, e, e + 1);
  const thrown = (what: unknown) => () => {
    throw what;
  };
  const faulty: readonly [message: string, field: unknown][] = [
    ["field gave NaN at token 2, beta 1. give finite numbers", at(7, Number.NaN)],
    ["field gave Infinity at token 0, beta 1.", at(0, Number.POSITIVE_INFINITY)],
    ["field gave -Infinity at token 5, beta 1.", at(17, Number.NEGATIVE_INFINITY)],
    ["field gave 3 numbers. write n × d = 6 × 3 = 18 numbers into out", () => [1, 2, 3]],
    ["field gave a at token 0, beta 1.", () => new Array(18).fill("a")],
    ["field gave a promise. write n × d", async () => {}],
    ["field gave an object. write n × d", () => ({})],
    ["field threw Error: out of luck. mend the field", thrown(new Error("out of luck\nand more"))],
    ["field threw null. mend the field", thrown(null)],
    ["field threw object: no message. mend the field", thrown(Object.create(null))],
    ["field gave Symbol(a) at token 0, beta 1.", () => new Array(18).fill(Symbol("a"))],
  ];

  /** Fields of code without types. */
  const dynamicsOf = (field: unknown) => asDynamics({ name: "faulty", field });

  it.each(faulty)("in whatever is computed with it: %s", async (message, field) => {
    const dynamics = dynamicsOf(field);
    const sized = { dynamics, n: 6, d: 3 };
    const runs = [
      () => simulate({ ...usual, dynamics, reduce: false }),
      () => simulate({ ...usual, dynamics, engine: "ts", method: "euler", step: 0.1 }),
      () => simulateNoisy({ ...usual, dynamics, kappa: 1, step: 0.1, systems: [{ ...usual.systems[0], seed: 1 }] }),
      () => sweep({ ...sized, betas: [1], times: [0, 1], seeds: 3 }),
    ];
    for (const run of runs) {
      const failure: unknown = await run().catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: "TokensphereError", kind: "input" });
      const text = (failure as Error).message;
      expect(text.startsWith(`dynamics faulty: ${message}`)).toBe(true);
      expect(text).not.toContain("\n");
    }
  });

  it("but a state that a step has blown up is a blow-up", async () => {
    const fast = defineDynamics({ name: "fast", field: ({ x }, out) => out.set(x.map((v, e) => 1e200 * (v + e))) });
    const [result] = await simulate({ ...usual, dynamics: fast, method: "rk4", step: 1e200 });
    expect(result.outcome).toBe("blow-up");
  });

  const field = () => {};
  const wrong: readonly [unknown, string][] = [
    [undefined, "dynamics: undefined. give { name, field }"],
    [null, "dynamics: null. give { name, field }"],
    [{ field }, "dynamics: no name. give { name, field }"],
    [{ name: "My Krause", field }, 'dynamics: name "My Krause". use a-z, 0-9 and _, a letter first'],
    [{ name: "1st", field }, 'dynamics: name "1st".'],
    [{ name: 5, field }, "dynamics: name 5."],
    [{ name: "no_field" }, "dynamics no_field: no field. give { name, field("],
    [{ name: "text_field", field: "x" }, "dynamics text_field: no field."],
    [{ name: "a", field, parameters: 3 }, "dynamics a: parameters: 3."],
    [
      { name: "a", field, parameters: { r: 0.5 } },
      "dynamics a: parameter r: 0.5. give { default, least, most, about }",
    ],
    [{ name: "a", field, parameters: { "a b": {} } }, "dynamics a: parameter a b: bad name."],
    [
      { name: "a", field, parameters: { r: { default: "1" } } },
      "dynamics a: parameter r: default 1. use a finite number",
    ],
    [{ name: "a", field, parameters: { r: { default: 3, most: 2 } } }, "dynamics a: parameter r: default 3."],
    [{ name: "a", field, parameters: { r: { least: 3, most: 2 } } }, "dynamics a: parameter r: range 3 to 2."],
    [{ name: "a", terms: () => [] }, "dynamics a: logScale missing or wrong. see the type Dynamics"],
    [{ ...DYNAMICS.sa, geometry: "torus" }, "dynamics sa: geometry missing or wrong."],
  ];
  it.each(wrong)("%#: %s", (value, message) => {
    const failure = (() => {
      try {
        return asDynamics(value);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ name: "TokensphereError", kind: "usage" });
    expect((failure as Error).message.startsWith(message)).toBe(true);
    expect((failure as Error).message).not.toContain("\n");
  });
});

describe("parameters", () => {
  const needy = defineDynamics({ name: "needy", parameters: { pull: { least: 0 }, bend: { default: 1 } }, field() {} });

  it.each([
    [krause, { radius: 3 }, "input", "radius: 3. use a finite number from 0 to 2"],
    [krause, { radius: -0.1 }, "input", "radius: -0.1. use a finite number from 0 to 2"],
    [krause, { radius: Number.NaN }, "input", "radius: NaN. use a finite number from 0 to 2"],
    [krause, { radius: "0.3" }, "input", "radius: 0.3. use a finite number from 0 to 2"],
    [krause, { raduis: 1 }, "usage", "params: raduis. krause reads radius"],
    [krause, { constructor: 1 }, "usage", "params: constructor. krause reads radius"],
    [needy, {}, "usage", "params: pull missing. needy needs pull"],
    [needy, { pull: -1 }, "input", "pull: -1. use a finite number, 0 or above"],
    [needy, { pull: 1, bend: Number.POSITIVE_INFINITY }, "input", "bend: Infinity. use a finite number"],
    [handMadeSa, { radius: 1 }, "usage", "params: radius. hand_made_sa reads none"],
  ])("%#: of what the dynamics reads, within range: %s", async (dynamics, params, kind, message) => {
    await expect(simulate({ ...usual, dynamics, params })).rejects.toMatchObject({ kind, message });
    await expect(sweep({ n: 6, d: 3, dynamics, params, betas: [1], times: [1], seeds: 1 })).rejects.toMatchObject({
      kind,
      message,
    });
  });

  it("reach the field, those left out at their defaults", async () => {
    const seen: unknown[] = [];
    const field: DynamicsDefinition["field"] = ({ parameters }) => void seen.push(parameters);
    const parameters = { pull: { least: 0 }, bend: { default: 0.25 } };
    await simulate({ ...usual, dynamics: { name: "curious", parameters, field }, params: { pull: 2 } });
    expect(seen.length).toBeGreaterThan(0);
    for (const parameters of seen) expect(parameters).toEqual({ pull: 2, bend: 0.25 });
  });
});

describe("a method as a value", () => {
  it("is the one of its name, and a plain tableau is checked first", async () => {
    const tableau = { name: "mine", order: 4, a: rk4.a, b: rk4.b, c: rk4.c, dense: rk4.dense };
    const [named, ...values] = await Promise.all(
      ["rk4", rk4, tableau].map((method) => record({ ...usual, dynamics: "sa", method, step: 0.1 })),
    );
    for (const { clouds } of values) expect(clouds).toEqual(named.clouds);
    expect(() => findMethod({ ...tableau, b: [1, 0, 0, 0] })).toThrow(/^method: Error: tableau mine: b: order 2 fails/);
    await expect(simulate({ ...usual, dynamics: "sa", method: tableau })).rejects.toThrow(
      "step: missing. mine needs one",
    );
  });

  it("may be an embedded pair that does not keep its last slope: it chooses good steps", async () => {
    // Heun's second order with Euler's first.
    const heunEuler = {
      ...{ name: "heun_euler", order: 2, c: [0, 1], a: [[], [1]], b: [1 / 2, 1 / 2] },
      embedded: [{ order: 1, b: [1, 0] }],
      dense: {
        order: 2,
        weights: [
          [1, -1 / 2],
          [0, 1 / 2],
        ],
      },
    };
    const tolerances = { rtol: 1e-7, atol: 1e-7 };
    const { clouds } = await record({ ...usual, dynamics: "sa", method: heunEuler, ...tolerances });
    const exact = await record({ ...usual, dynamics: "sa" });
    // Some thousand steps, each with an error of 1e-7 in the worse of its two solutions.
    clouds.forEach((times, s) => {
      expect(largestDifference(times[2].x, exact.clouds[s][2].x)).toBeLessThan(1e-5);
    });
  });
});

describe("an engine as a value", () => {
  const task = { dynamics: DYNAMICS.sa, params: {}, n: 6, d: 3, beta: 0 };

  it("may be a member of the table, which names what it cannot do", async () => {
    for (const [name, kind] of Object.entries(ENGINES)) {
      expect(kind.name).toBe(name);
      const engine = await chooseEngine(kind, task, 1, 1);
      expect(engine.name).toBe(name);
      await engine.release();
      const reason = kind.whyNot({ ...task, dynamics: handMadeSa });
      expect(reason === null).toBe(name === "ts");
    }
    await expect(chooseEngine("gpu", task, 1, 1)).rejects.toMatchObject({
      kind: "usage",
      message: "engine: gpu. use auto, harmonic, mean, ort, simd, ts",
    });
  });

  it("may be a kind of one's own, opened and released for each run, in sweeps too", async () => {
    const counts = { opened: 0, released: 0 };
    const mine: EngineKind = {
      name: "mine",
      about: "counts",
      whyNot: ({ d }) => (d === 3 ? null : `d = ${d}. use d = 3`),
      open: (own) => {
        counts.opened++;
        return { ...typescriptEngine(own), name: "mine", release: async () => void counts.released++ };
      },
    };
    const { clouds } = await record({ ...usual, dynamics: "sa", engine: mine });
    expect(clouds).toEqual((await record({ ...usual, dynamics: "sa", engine: "ts" })).clouds);
    await sweep({ dynamics: "sa", n: 4, d: 3, betas: [1], times: [0, 1], seeds: 2, engine: mine });
    expect(counts).toEqual({ opened: 2, released: 2 });
    await expect(sweep({ dynamics: "sa", n: 4, d: 2, betas: [1], times: [1], seeds: 2, engine: mine })).rejects.toThrow(
      "engine mine: d = 2. use d = 3",
    );
  });
});

describe("reductions of a value", () => {
  it("are those of its name, or refused", async () => {
    const cloud = { n: 4, d: 6, x: start(4, 6, 1) };
    for (const choice of ["sa", DYNAMICS.sa, handMadeSa]) {
      const { project, flow, lift } = spanReduction(choice);
      const [state] = await flow(project(cloud), 2, [1]);
      const { clouds } = await record({
        dynamics: "sa",
        n: 4,
        d: 6,
        times: [1],
        systems: [{ beta: 2, x0: cloud.x }],
        lift: true,
      });
      expect(largestDifference(lift(state).x, clouds[0][0].x)).toBeLessThan(1e-7);
    }
    expect(() => angleReduction(handMadeSa, 4)).toThrow("angles: hand_made_sa. use sa, usa, kuramoto and the like");
    // Only a name in common with SA is not enough.
    expect(() => gramReduction({ ...handMadeSa, name: "sa" }, 4)).toThrow("gram flow: sa. use sa, usa");
    expect(gramReduction(DYNAMICS.sa, 4).name).toBe("gram");
  });
});
