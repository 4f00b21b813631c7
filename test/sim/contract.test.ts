import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { energyOf } from "../../probes/products/energy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import type { AttentionLaw } from "../../sim/dynamics/attention-law.ts";
import { ATTENTION_LAWS } from "../../sim/dynamics/attention-table.ts";
import { DYNAMICS, type DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import type { Engine, EngineTask } from "../../sim/engines/contract/engine.ts";
import { harmonicEngine } from "../../sim/engines/harmonic/harmonic-engine.ts";
import { onnxEngine } from "../../sim/engines/onnx/onnx-engine.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { graphsOf } from "../../sim/terms/term.ts";
import { dot, equiangular, largestDifference, randomParams, start } from "./cases.ts";
import { handMadeSa, krause } from "./defined.ts";

const N = 9;
const D = 4;
const BETA = 2.3;

/** Sums of some ten products of numbers below 10 in float64: 1e-13 would do, 1e-12 leaves room for other processors. */
const ROUNDING = 1e-12;

const ENGINES = {
  ts: async (task: EngineTask) => typescriptEngine(task),
  ort: (task: EngineTask) => onnxEngine(task, 2),
} as const;

/** Velocities of one system, with the factor e^{logScale} put back. */
async function velocityOf(engine: Engine, x: Float64Array, beta: number, logScale: number): Promise<Float64Array> {
  const out = new Float64Array(x.length);
  await engine.velocity(x, Float64Array.of(beta), Float64Array.of(logScale), 1, out);
  return out.map((v) => v * Math.exp(logScale));
}

function permuteRows<T extends ArrayLike<number>>(x: T, order: readonly number[], d: number): Float64Array {
  return Float64Array.from({ length: x.length }, (_, e) => x[order[Math.floor(e / d)] * d + (e % d)]);
}

/** x R for a product of two plane rotations. */
function rotate(x: Float64Array, n: number, d: number): Float64Array {
  const y = Float64Array.from(x);
  for (const [a, b, angle] of [
    [0, 1, 0.7],
    [1, 3, -1.9],
  ]) {
    for (let i = 0; i < n; i++) {
      const [u, v] = [y[i * d + a], y[i * d + b]];
      y[i * d + a] = Math.cos(angle) * u - Math.sin(angle) * v;
      y[i * d + b] = Math.sin(angle) * u + Math.cos(angle) * v;
    }
  }
  return y;
}

for (const dynamics of [...Object.values(DYNAMICS), handMadeSa, krause]) {
  const { name } = dynamics;
  const params = randomParams(dynamics, N, D, randomSource(3));
  const kinds = graphsOf(dynamics.terms(params)) ? (["ts", "ort"] as const) : (["ts"] as const);
  const logScale = dynamics.logScale(BETA, params);
  const at = signedBeta(name);
  const x = start(N, D, 5);

  for (const kind of kinds) {
    describe(`${name} on ${kind}`, () => {
      let engine: Engine;
      beforeAll(async () => {
        engine = await ENGINES[kind]({ dynamics, params, n: N, d: D });
      });
      afterAll(() => engine.release());

      it("has velocities tangent to the sphere, or is free", async () => {
        const v = await velocityOf(engine, x, BETA, logScale);
        const radial = Math.max(...Array.from({ length: N }, (_, i) => Math.abs(dot(v, i, x, i, D))));
        if (dynamics.geometry === "sphere") expect(radial).toBeLessThan(ROUNDING * Math.exp(logScale));
        else expect(radial).toBeGreaterThan(0.01);
      });

      it("depends on the directions of the tokens only, or on the cone on the shares of their squared lengths", async () => {
        if (dynamics.geometry === "cone") {
          const twice = await velocityOf(
            engine,
            x.map((value) => 2 * value),
            BETA,
            logScale,
          );
          const v = await velocityOf(engine, x, BETA, logScale);
          expect(
            largestDifference(
              twice,
              v.map((value) => 2 * value),
            ),
          ).toBeLessThan(ROUNDING * Math.exp(logScale));
          return;
        }
        const v = await velocityOf(engine, x, BETA, logScale);
        const w = await velocityOf(
          engine,
          x.map((value, e) => value * 2 ** (Math.floor(e / D) - 4)),
          BETA,
          logScale,
        );
        expect(largestDifference(v, w)).toBeLessThan(ROUNDING * Math.exp(logScale));
      });

      it("permutes velocities with tokens, unless tokens have an order", async () => {
        const order = [4, 0, 8, 2, 6, 1, 3, 7, 5];
        const permuted: DynamicsParams = params.weights
          ? { ...params, weights: order.map((i) => (params.weights as readonly number[])[i]) }
          : params;
        const other = await ENGINES[kind]({ dynamics, params: permuted, n: N, d: D });
        const v = permuteRows(await velocityOf(engine, x, BETA, logScale), order, D);
        const w = await velocityOf(other, permuteRows(x, order, D), BETA, logScale);
        await other.release();
        if (dynamics.permutes) expect(largestDifference(v, w)).toBeLessThan(ROUNDING * Math.exp(logScale));
        else expect(largestDifference(v, w)).toBeGreaterThan(0.01);
      });

      it("rotates velocities with tokens, unless matrices single directions out", async () => {
        const v = rotate(await velocityOf(engine, x, BETA, logScale), N, D);
        const w = await velocityOf(engine, rotate(x, N, D), BETA, logScale);
        if (dynamics.rotates) expect(largestDifference(v, w)).toBeLessThan(ROUNDING * Math.exp(logScale));
        else expect(largestDifference(v, w)).toBeGreaterThan(0.01);
      });

      it("takes e^logScale out of the velocity and nothing else", async () => {
        const out = new Float64Array(2 * N * D);
        const twice = Float64Array.of(...x, ...x);
        await engine.velocity(twice, Float64Array.of(BETA, BETA), Float64Array.of(logScale, logScale), 2, out);
        const v = await velocityOf(engine, x, BETA, logScale);
        const scaled = v.map((value) => value * Math.exp(-logScale));
        expect(largestDifference(out, [...scaled, ...scaled])).toBeLessThan(ROUNDING);
      });
    });
  }

  describe(name, () => {
    it("has the same velocities on both engines, alone and in a batch of other β", async () => {
      if (kinds.length < 2) return;
      for (const [n, d, batch] of [
        [1, 1, 1],
        [2, 5, 3],
        [7, 2, 4],
        [33, 17, 5],
      ]) {
        const random = randomSource(n);
        const task = { dynamics, params: randomParams(dynamics, n, d, random), n, d };
        const beta = Float64Array.from({ length: batch }, () => 24 * random() - 12);
        const scales = beta.map((b) => dynamics.logScale(b, task.params));
        const xs = Float64Array.from({ length: batch }, (_, b) => b).reduce<number[]>(
          (all, b) => all.concat(...start(n, d, 100 + b)),
          [],
        );
        const ort = await onnxEngine(task, 2);
        const [a, b] = [new Float64Array(xs.length), new Float64Array(xs.length)];
        await ort.velocity(Float64Array.from(xs), beta, scales, batch, a);
        typescriptEngine(task).velocity(Float64Array.from(xs), beta, scales, batch, b);
        await ort.release();
        // The engines' promise is 1e-10; with velocities of at most order 1 both are sums of n products.
        expect(largestDifference(a, b)).toBeLessThan(1e-10);
      }
    });

    it("keeps an equiangular cloud equiangular, at the rate of the scheme (R §6)", async () => {
      if (!dynamics.rotates || !dynamics.permutes || "weights" in dynamics.parameters || /krause/.test(name)) return;
      const [n, rho] = [6, 0.3];
      const cloud = equiangular(n, rho);
      const v = await velocityOf(typescriptEngine({ dynamics, params, n, d: n }), cloud, BETA, logScale);
      const radial = Array.from({ length: n }, (_, i) => dot(v, i, cloud, i, n));
      const z = isUnnormalized(name) ? n : Math.exp(at) + (n - 1) * Math.exp(at * rho);
      // Hardmax sees all others alike, and not itself; what it does along itself is projected away.
      const c = name === "hardmax" ? 1 / (n - 1) : Math.exp(at * rho) / z;
      const a = Math.exp(at) / z;
      const g = 2 * c * (1 - rho) * ((n - 1) * rho + 1);
      const length = Math.sqrt(a * a + 2 * a * c * (n - 1) * rho + c * c * (n - 1 + (n - 1) * (n - 2) * rho));
      const slownesses: Readonly<Record<string, number>> = {
        sa_periln: length,
        sa_ngpt: length / (params.alpha as number),
        sa_repulsive: -1,
        usa_repulsive: -1,
        mean_shift_blurring: 1 / BETA,
      };
      const slowness = slownesses[name] ?? 1;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const rate = dot(v, i, cloud, j, n) + dot(v, j, cloud, i, n) - (radial[i] + radial[j]) * rho;
          expect(Math.abs(rate - g / slowness)).toBeLessThan(ROUNDING * Math.exp(logScale));
        }
      }
    });

    it("moves two tokens of masses a1, a2 by its scalar equation (theory of two clusters, R §5)", async () => {
      const factor = factorOf(name);
      if (factor === null) return;
      const two = randomParams(dynamics, 2, 2, randomSource(8));
      const weights = two.weights ?? [0.5, 0.5];
      const [a1, a2] = weights.map((w) => w / (weights[0] + weights[1]));
      for (const phi of [0.01, 0.9, 2.4, 3.1]) {
        const pair = Float64Array.of(1, 0, Math.cos(phi), Math.sin(phi));
        const v = await velocityOf(typescriptEngine({ dynamics, params: two, n: 2, d: 2 }), pair, BETA, logScale);
        const w = Math.exp(at * (Math.cos(phi) - 1));
        const [first, second] = isUnnormalized(name)
          ? [a2, a1].map((mass) => mass * Math.exp(at) * w)
          : [(a2 * w) / (a1 + a2 * w), (a1 * w) / (a2 + a1 * w)];
        // The angle of the first token, which sees nothing else where attention is causal, and that of the second.
        const wanted = [dynamics.permutes ? first : 0, -second].map((pull) => factor * Math.sin(phi) * pull);
        const angular = [v[1], -v[2] * Math.sin(phi) + v[3] * Math.cos(phi)];
        expect(largestDifference(angular, wanted)).toBeLessThan(ROUNDING * Math.exp(logScale));
      }
    });

    it("is the classical Kuramoto model at β = 0 on the circle", async () => {
      // Blurring mean shift is β times as fast, and so at rest.
      if (factorOf(name) === null || !dynamics.permutes || name === "mean_shift_blurring") return;
      const n = 7;
      const own = randomParams(dynamics, n, 2, randomSource(9));
      const weights = own.weights ?? new Array<number>(n).fill(1);
      const total = weights.reduce((sum, w) => sum + w, 0);
      const cloud = start(n, 2, 6);
      const angles = Array.from({ length: n }, (_, i) => Math.atan2(cloud[2 * i + 1], cloud[2 * i]));
      const makers = dynamics.harmonics ? [typescriptEngine, harmonicEngine] : [typescriptEngine];
      const engines = makers.map((make) => make({ dynamics, params: own, n, d: 2 }));
      for (const engine of engines) {
        for (const beta of [0, 1e-9]) {
          const v = await velocityOf(engine, cloud, beta, dynamics.logScale(beta, own));
          angles.forEach((a, i) => {
            const pull = angles.reduce((sum, b, j) => sum - (weights[j] / total) * Math.sin(a - b), 0);
            const angular = v[2 * i + 1] * Math.cos(a) - v[2 * i] * Math.sin(a);
            // The correction is of order β.
            expect(Math.abs(angular - (factorOf(name) ?? 1) * pull)).toBeLessThan(1e-8);
          });
        }
      }
    });
  });
}

/** Weights are e^{βG} as they are, with 1/n before them. */
function isUnnormalized(name: string): boolean {
  return name.startsWith("usa") || name === "kuramoto";
}

/** The β of SA or USA that a dynamics at BETA is. */
function signedBeta(name: string): number {
  return name.endsWith("_opposed") ? -BETA : BETA;
}

/** What multiplies SA or USA among weighted tokens with Q = K = V = I; `null` where a dynamics is another one. */
function factorOf(name: string): number | null {
  if (name === "mean_shift_blurring") return BETA;
  if (name === "hand_made_sa") return 1;
  const rows = new Map<string, AttentionLaw>(Object.entries(ATTENTION_LAWS));
  const row = rows.get(name === "kuramoto" ? "usa" : name);
  // Bounded confidence and a drift are other fields.
  if (!row || row.matrices || row.within || row.mlp || !["post", "sqrt"].includes(row.scheme ?? "post")) return null;
  return row.times === -1 ? -1 : 1;
}

describe("the energy identity", () => {
  const NAMES = (Object.keys(DYNAMICS) as DynamicsName[]).filter(
    (name) => factorOf(name) !== null && DYNAMICS[name].permutes,
  );

  for (const name of NAMES) {
    it(`dE/dt is the squared speed of ${name}, weighted for SA by Z_i`, async () => {
      const dynamics = DYNAMICS[name];
      const params = randomParams(name, N, D, randomSource(4));
      const weights = params.weights ?? new Array<number>(N).fill(1);
      const masses = weights.map((w) => w / weights.reduce((sum, other) => sum + other, 0));
      const x = start(N, D, 5);
      const at = signedBeta(name);
      const engine = typescriptEngine({ dynamics, params, n: N, d: D });
      const v = await velocityOf(engine, x, BETA, dynamics.logScale(BETA, params));
      // Z_i = Σ_j w_j e^{βG_ij}; E = Σ_i w_i Z_i/(2β).
      const sums = (y: Float64Array) =>
        masses.map((_, i) => masses.reduce((sum, w, j) => sum + w * Math.exp(at * dot(y, i, y, j, D)), 0));
      const energyAt = (h: number) => {
        const y = x.map((value, e) => value + h * v[e]);
        for (let i = 0; i < N; i++) {
          const length = Math.sqrt(dot(y, i, y, i, D));
          for (let k = 0; k < D; k++) y[i * D + k] /= length;
        }
        return sums(y).reduce((sum, z, i) => sum + masses[i] * z, 0) / (2 * at);
      };
      if (!params.weights) {
        const plain = energyOf(innerProducts({ n: N, d: D, x }, false), N, at).energy as number;
        expect(Math.abs(energyAt(0) / plain - 1)).toBeLessThan(ROUNDING);
      }
      const h = 1e-5;
      const slope = (energyAt(h) - energyAt(-h)) / (2 * h);
      const wanted = sums(x).reduce(
        (sum, z, i) => sum + (masses[i] * dot(v, i, v, i, D) * (isUnnormalized(name) ? 1 : z)) / (factorOf(name) ?? 1),
        0,
      );
      // Central differences: h² = 1e-10 of truncation and 1e-16/h = 1e-11 of rounding, times derivatives of order 100.
      expect(Math.abs(slope / wanted - 1)).toBeLessThan(1e-7);
    });
  }
});
