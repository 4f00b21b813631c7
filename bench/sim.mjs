// One SA velocity in float64: plain TypeScript, ONNX Runtime and, where there is one, NumPy in the same run.
// Usage: node bench/sim.mjs [SECONDS_PER_CASE]   (after `npm run build`). Prints a Markdown table of microseconds a system.
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { DYNAMICS, onnxEngine, randomSource, typescriptEngine, uniformCloud } from "../dist/sim/index.js";

const SECONDS = Number(process.argv[2] ?? 0.5);
const SIZES = [[8, 2], [32, 2], [32, 8], [32, 128], [32, 1024], [256, 3], [256, 128], [1024, 2], [1024, 128]];
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

/** As `velocity`, in min(n, d) coordinates: what `simulate` integrates. */
async function row([n, d], numpy) {
  const k = Math.min(n, d);
  const cells = {};
  for (const [name, make] of [["ts", typescriptEngine], ["ort", onnxEngine]]) {
    const engine = await make({ dynamics: DYNAMICS.sa, params: {}, n, d: k }, availableParallelism());
    for (const batch of [1, BATCH]) {
      if (batch * n * Math.max(n, k) > LARGEST || (name === "ts" && n * n * k * batch > 3e8)) continue;
      const call = systems(n, k, batch);
      const quartiles = await measure(() => engine.velocity(...call));
      cells[`${name}${batch}`] = quartiles.map((q) => q / batch);
    }
    await engine.release();
  }
  const show = (quartiles) => (quartiles ? `${quartiles[1].toFixed(1)} (${quartiles[0].toFixed(1)}–${quartiles[2].toFixed(1)})` : "–");
  const best = (...names) => Math.min(...names.filter((name) => cells[name]).map((name) => cells[name][1]));
  const ratio = (...names) => (numpy && Number.isFinite(best(...names)) ? (numpy[1] / best(...names)).toFixed(1) : "–");
  const columns = [show(cells.ts1), show(cells.ort1), show(cells.ts64), show(cells.ort64), show(numpy)];
  return `| ${n} | ${d} | ${columns.join(" | ")} | ${ratio("ts1", "ort1")} | ${ratio("ts64", "ort64")} |`;
}

const anchor = spawnSync("python3", ["-c", NUMPY, JSON.stringify(SIZES)], { encoding: "utf8" });
const numpy = anchor.status === 0 ? JSON.parse(anchor.stdout) : null;
if (!numpy) console.log("skipped: the NumPy anchor (no python3 with numpy)\n");
console.log(`${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}. Microseconds a system: median (quartiles).\n`);
console.log(`| n | d | TypeScript | ONNX Runtime | TypeScript, batch ${BATCH} | ONNX Runtime, batch ${BATCH} | NumPy | NumPy/ours | NumPy/ours, batch |`);
console.log("|---|---|---|---|---|---|---|---|---|");
for (const [i, size] of SIZES.entries()) console.log(await row(size, numpy?.[i]));
