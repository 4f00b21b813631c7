// Milliseconds a text for the measures of 13 layers (12 and the embedding), medians, as a Markdown table.
//
//   npm run build && node bench/probes.mjs [REPEATS]
//
// "histogram" is policy, inner products, histogram, moments, quantiles and masses: the steps of a NumPy notebook.
// "all" adds intervals, norms, spectrum, energy and clusters. GEMM: Gram matrices by ONNX Runtime on all cores; else by the
// TypeScript kernel on one. States are random; no step's cost depends on them much.
import { cpus } from "node:os";
import {
  isotropicFloor,
  MEASURES,
  openGramEngine,
  probeLayer,
  probeLayerWith,
  randomSource,
} from "../dist/probes/index.js";

const repeats = Number(process.argv[2] ?? 5);
const layers = 13;

function randomStates(n, d) {
  const random = randomSource();
  const layer = () => Float32Array.from({ length: n * d }, () => random() - 0.4);
  return {
    batch: 1,
    n,
    d,
    layers: Array.from({ length: layers }, (_, k) => ({ layer: k, x: layer() })),
    mask: new Uint8Array(n).fill(1),
    special: Uint8Array.from({ length: n }, (_, i) => (i === 0 || i === n - 1 ? 1 : 0)),
    tokens: null,
  };
}

async function median(work) {
  const times = [];
  for (let k = 0; k < repeats; k++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[repeats >> 1];
}

async function probeAll(engine, states, options) {
  for (let k = 0; k < layers; k++) {
    if (engine) await probeLayerWith(engine, states, 0, k, options);
    else probeLayer(states, 0, k, options);
  }
}

const engine = await openGramEngine();
console.log(
  `${cpus()[0].model}, Node ${process.versions.node}, medians of ${repeats}, ms a text of ${layers} layers\n`,
);
console.log(
  "| tokens | width | floor | histogram | histogram, GEMM | + intervals, norms, energy, clusters, GEMM | all | all, GEMM |",
);
console.log("|---:|---:|---:|---:|---:|---:|---:|---:|");
for (const d of [256, 768]) {
  for (const n of [128, 256, 512]) {
    const states = randomStates(n, d);
    const floor = isotropicFloor(n - 2, d);
    const few = { floor, measures: MEASURES.slice(0, 3), intervals: false };
    const some = { floor, measures: MEASURES.filter(({ name }) => name !== "spectrum") };
    const works = [
      () => isotropicFloor(n - 2, d),
      () => probeAll(null, states, few),
      () => probeAll(engine, states, few),
      () => probeAll(engine, states, some),
      () => probeAll(null, states, { floor }),
      () => probeAll(engine, states, { floor }),
    ];
    const times = [];
    for (const work of works) times.push((await median(work)).toFixed(1));
    console.log(`| ${[n, d, ...times].join(" | ")} |`);
  }
}
await engine.close();
