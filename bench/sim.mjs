// One SA velocity in float64: plain TypeScript, ONNX Runtime, harmonics (d = 2) and, where there is one, NumPy in the same
// run. Ours in min(n, d) coordinates, as `simulate` integrates; all agree to 1e-10.
// Usage: node bench/sim.mjs [SECONDS_PER_CASE]   (after `npm run build`). Prints a Markdown table of microseconds a system.
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { DYNAMICS, harmonicEngine, onnxEngine, randomSource, typescriptEngine, uniformCloud } from "../dist/sim/index.js";

const SECONDS = Number(process.argv[2] ?? 0.5);
const SIZES = [[8, 2], [32, 2], [32, 8], [32, 128], [32, 1024], [256, 3], [256, 128], [1024, 2], [1024, 128], [10000, 2]];
const BATCH = 64;
const BETA = 4;
/** Larger batches than this many numbers in one n × n × batch array are left out: they only measure memory. */
const LARGEST = 2 ** 23;

const NUMPY = `
import json, sys, time
import numpy as np
out = []
for n, d in json.loads(sys.argv[1]):
    x = np.random.default_rng(1).standard_normal((n, d)); x /= np.linalg.norm(x, axis=1, keepdims=True)
    def f():
        s = ${BETA} * (x @ x.T); s -= s.max(1, keepdims=True); np.exp(s, out=s); s /= s.sum(1, keepdims=True)
        v = s @ x; return v - (v * x).sum(1, keepdims=True) * x
    ts = []; end = time.perf_counter() + ${SECONDS}
    while time.perf_counter() < end or len(ts) < 5:
        t = time.perf_counter(); f(); ts.append(1e6 * (time.perf_counter() - t))
    out.append([float(q) for q in np.quantile(ts, [.25, .5, .75])])
print(json.dumps(out))
`;

/** Quartiles of microseconds a call. */
async function measure(call) {
  for (let i = 0; i < 3; i++) await call();
  const times = [];
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end || times.length < 5) {
    const begin = performance.now();
    await call();
    times.push((performance.now() - begin) * 1000);
  }
  times.sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((q) => times[Math.floor(q * (times.length - 1))]);
}

function systems(n, d, batch) {
  const x = new Float64Array(batch * n * d);
  for (let b = 0; b < batch; b++) x.set(uniformCloud(n, d, randomSource(b)).x, b * n * d);
  return [x, new Float64Array(batch).fill(BETA), new Float64Array(batch), batch, new Float64Array(batch * n * d)];
}

/** Whether this measurement is worth its time: plain TypeScript takes minutes where the others take seconds. */
function worthwhile(name, n, k, batch) {
  if (name === "harmonic") return k === 2;
  return batch * n * Math.max(n, k) <= LARGEST && (name === "ort" || batch * n * n * k <= 3e8);
}

async function row([n, d], numpy) {
  const k = Math.min(n, d);
  const task = { dynamics: DYNAMICS.sa, params: {}, n, d: k };
  const cells = {};
  for (const [name, make] of Object.entries({ ts: typescriptEngine, ort: onnxEngine, harmonic: harmonicEngine })) {
    for (const batch of [1, BATCH].filter((batch) => worthwhile(name, n, k, batch))) {
      const engine = await make(task, availableParallelism());
      const call = systems(n, k, batch);
      const quartiles = await measure(() => engine.velocity(...call));
      cells[`${name} ${batch}`] = quartiles.map((q) => q / batch);
      await engine.release();
    }
  }
  const show = (quartiles) => (quartiles ? `${quartiles[1].toFixed(1)} (${quartiles[0].toFixed(1)}–${quartiles[2].toFixed(1)})` : "–");
  const ratio = (batch) => {
    const best = Math.min(...["ts", "ort", "harmonic"].map((name) => cells[`${name} ${batch}`]?.[1] ?? Infinity));
    return numpy && Number.isFinite(best) ? (numpy[1] / best).toFixed(1) : "–";
  };
  const columns = [1, BATCH].flatMap((batch) => ["ts", "ort", "harmonic"].map((name) => show(cells[`${name} ${batch}`])));
  return `| ${[n, d, ...columns, show(numpy), ratio(1), ratio(BATCH)].join(" | ")} |`;
}

const anchor = spawnSync("python3", ["-c", NUMPY, JSON.stringify(SIZES)], { encoding: "utf8" });
const numpy = anchor.status === 0 ? JSON.parse(anchor.stdout) : null;
if (!numpy) console.log("skipped: the NumPy anchor (no python3 with numpy)\n");
console.log(`${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}. Microseconds a system: median (quartiles).\n`);
const engines = ["ts", "ort", "harmonic"];
const header = ["n", "d", ...engines, ...engines.map((name) => `${name}, ${BATCH}`), "NumPy", "NumPy/ours", `NumPy/ours, ${BATCH}`];
console.log(`| ${header.join(" | ")} |\n|${"---|".repeat(header.length)}`);
for (const [i, size] of SIZES.entries()) console.log(await row(size, numpy?.[i]));
