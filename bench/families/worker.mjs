// A process of bench/families.mjs: simulates a law and fits all of them to it.
import { randomSource } from "../../dist/models/random.js";
import { simulate, simulateNoisy, uniformCloud } from "../../dist/sim/index.js";
import { fit } from "../../dist/src/index.js";
import { answer } from "../jobs.mjs";
import { FAMILIES, lawOf } from "./table.mjs";

const [N, D, LAYERS] = [12, 3, 5];

/** The layers of a network whose law this is: from uniform tokens, equal steps. Noise has numbers of its own. */
async function statesOf({ law, seed }) {
  const { dynamics, params, kappa, beta, end } = lawOf(law, seed);
  const x0 = Float64Array.from(uniformCloud(N, D, randomSource(1000 + seed)).x);
  const times = Float64Array.from({ length: LAYERS }, (_, k) => (end * k) / (LAYERS - 1));
  /** @type {Float32Array[]} */
  const layers = [];
  const save = (_system, k, _t, { x }) => {
    layers[k] = unit(x);
  };
  const asked = { dynamics, params, n: N, d: D, times };
  if (kappa) await simulateNoisy({ ...asked, kappa, step: 0.01, systems: [{ beta, x0, seed: 5000 + seed }] }, { save });
  else await simulate({ ...asked, systems: [{ beta, x0 }], lift: true }, { save });
  return {
    ...{ batch: 1, n: N, d: D, special: null, tokens: null },
    layers: layers.map((x, layer) => ({ layer, x })),
    mask: new Uint8Array(N).fill(1),
  };
}

/** Directions, in single precision. */
function unit(x) {
  const out = Float32Array.from(x);
  for (let i = 0; i < N; i++) {
    const row = out.subarray(i * D, (i + 1) * D);
    const length = Math.hypot(...row);
    for (let k = 0; k < D; k++) row[k] /= length;
  }
  return out;
}

answer(async (job) => {
  /** @type {import("../../dist/src/index.js").CompareOptions} */
  const options = { families: FAMILIES, time: "linear", betaMin: 1, betaMax: 5, bootstrap: 0, checks: false };
  const result = await fit([await statesOf(job)], { ...options, updates: false });
  const moving = result.families.filter(({ name }) => name !== "frozen");
  const nearest = moving.reduce((a, b) => (b.w1 < a.w1 ? b : a)).name;
  const own = moving.find(({ name }) => name === job.law);
  const { beta, parameters = {} } = lawOf(job.law, job.seed).truth;
  return {
    best: result.best,
    tie: result.tie ?? [],
    nearest,
    truth: { beta, ...parameters },
    found: own && { beta: own.beta, ...own.parameters },
  };
});
