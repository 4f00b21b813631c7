// Fits clouds that were simulated at a known β and known times, and prints what was found as a Markdown table.
// node bench/fit-truth.mjs [SEEDS]        (after npm run build)
import { availableParallelism } from "node:os";
import { isotropicCloud, randomSource } from "../dist/probes/index.js";
import { simulate } from "../dist/sim/index.js";
import { fit } from "../dist/src/index.js";

const CASES = [
  { dynamics: "sa", beta: 2, n: 48, d: 16, layers: 10, step: 0.3 },
  { dynamics: "sa", beta: 6, n: 48, d: 16, layers: 10, step: 0.5 },
  { dynamics: "sa", beta: 6, n: 48, d: 16, layers: 10, step: 3 },
  { dynamics: "usa", beta: 1, n: 48, d: 16, layers: 10, step: 0.2 },
  { dynamics: "sa", beta: 4, n: 64, d: 64, layers: 10, step: 0.5 },
  { dynamics: "sa", beta: 8, n: 64, d: 64, layers: 11, step: 4 },
];

async function layersOf({ dynamics, beta, n, d, layers, step }, seed) {
  const { x } = isotropicCloud(n, d, randomSource(seed));
  const times = Array.from({ length: layers + 1 }, (_, k) => k * step);
  const states = [];
  const save = (_system, layer, _t, cloud) => {
    states.push({ layer, x: Float32Array.from(cloud.x) });
  };
  await simulate({ dynamics, n, d, systems: [{ beta, x0: Float64Array.from(x) }], times, lift: true }, { save });
  return { batch: 1, n, d, layers: states, mask: new Uint8Array(n).fill(1), special: null, tokens: null };
}

const seeds = Number(process.argv[2] ?? 3);
console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores; float32 states, ${seeds} seeds, 200 resamples\n`,
);
console.log(
  "| truth | n × d, layers | best | β found | error | 95 % interval | holds | W1 | skill of the other | seconds |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const one of CASES) {
  for (let seed = 1; seed <= seeds; seed++) {
    const states = await layersOf(one, seed);
    const started = performance.now();
    const { best, families } = await fit([states], { seed: 1 });
    const seconds = (performance.now() - started) / 1000;
    const [found, other] = ["sa", "usa"]
      .sort((a) => (a === one.dynamics ? -1 : 1))
      .map((f) => families.find(({ name }) => name === f));
    const [lo, hi] = found.beta_interval;
    const row = [
      `${one.dynamics} β = ${one.beta}, step ${one.step}`,
      `${one.n} × ${one.d}, ${one.layers}`,
      best,
      found.beta.toFixed(4),
      `${(100 * (found.beta / one.beta - 1)).toFixed(2)} %`,
      `${lo.toFixed(3)} … ${hi.toFixed(3)}`,
      lo <= one.beta && one.beta <= hi ? "yes" : "no",
      found.w1.toExponential(1),
      other.skill_held_out.toFixed(3),
      seconds.toFixed(1),
    ];
    console.log(`| ${row.join(" | ")} |`);
  }
}
