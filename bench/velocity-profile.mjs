// Where the time of one SA velocity goes on the `ort` engine, operator by operator, as ONNX Runtime's own profiler sees it.
//
//   npm run build && node bench/velocity-profile.mjs [--python PATH] [--sizes 256x128,1024x128,4096x128] [--seconds 1] [--docs]
//
// Products, exponentials and the rest of a velocity, in microseconds (medians over the runs), beside the whole velocity of JAX (jit, CPU) in the
// same minutes where --python has bench/anchors/requirements.txt. "Products alone" over JAX's whole says how much could be won by anything else.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { randomSource } from "../dist/models/random.js";
import { symmetricGraph } from "../dist/sim/engines/onnx/symmetric-graph.js";
import { DYNAMICS, uniformCloud } from "../dist/sim/index.js";
import { startAnchor } from "./anchors/anchor-process.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    sizes: { type: "string", default: "256x128,1024x128,4096x128" },
    seconds: { type: "string", default: "1" },
    docs: { type: "boolean", default: false },
  },
});
const { InferenceSession, Tensor } = await import("onnxruntime-node");
const BETA = 4;
/** Tokens of a block of `symmetricGraph`. */
const BLOCK = 320;
const folder = mkdtempSync(join(tmpdir(), "tokensphere-profile-"));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const us = (value) => (value < 100 ? value.toPrecision(3) : value.toFixed(0));

/** Microseconds of every run: of the products, of the exponentials, of all other operators, and from call to answer. */
async function profiled(n, d, x) {
  const graph = symmetricGraph(DYNAMICS.sa.harmonics({}), DYNAMICS.sa.geometry, n, d);
  const session = await InferenceSession.create(graph, {
    enableProfiling: true,
    profileFilePrefix: join(folder, `${n}x${d}`),
    intraOpNumThreads: availableParallelism(),
  });
  const feeds = {
    x: new Tensor("float64", x, [n, d]),
    beta: new Tensor("float64", Float64Array.of(BETA), [1, 1]),
    factor: new Tensor("float64", Float64Array.of(1), [1, 1]),
  };
  const whole = [];
  const end = performance.now() + 1000 * Number(options.seconds);
  while (whole.length < 12 || performance.now() < end) {
    const begin = performance.now();
    await session.run(feeds);
    whole.push(1000 * (performance.now() - begin));
  }
  session.endProfiling?.();
  await session.release();
  const [file] = readdirSync(folder).filter((name) => name.startsWith(`${n}x${d}`) && name.endsWith(".json"));
  const events = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const runs = events.filter(({ name }) => name === "model_run").map(({ ts, dur }) => ({ ts, end: ts + dur, dur }));
  const kernels = events.filter(({ name }) => name.endsWith("_kernel_time"));
  const rows = runs.map(({ ts, end: last, dur }) => {
    const own = kernels.filter((event) => event.ts >= ts && event.ts < last);
    const of = (kinds) =>
      own.filter(({ args }) => kinds.includes(args.op_name)).reduce((sum, event) => sum + event.dur, 0);
    const [products, exponentials] = [of(["Gemm", "MatMul", "FusedGemm"]), of(["Exp"])];
    return { products, exponentials, rest: dur - products - exponentials, whole: dur };
  });
  const steady = rows.slice(rows.length >> 1);
  return Object.fromEntries(Object.keys(rows[0]).map((key) => [key, median(steady.map((row) => row[key]))]));
}

const lines = [];
const say = (text) => {
  console.log(text);
  lines.push(text);
};
try {
  const anchor = await startAnchor(options.python, "velocity.py", "jax");
  const load = loadavg()[0].toFixed(1);
  say(
    `${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.version}, ${anchor ? `JAX ${anchor.version}` : "no JAX"}; load at the start ${load}. Microseconds a velocity, medians.\n`,
  );
  say("| n | d | products | GFLOP/s | exponentials | the rest | whole | JAX, whole | products/JAX |");
  say("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
  for (const [n, d] of options.sizes.split(",").map((size) => size.split("x").map(Number))) {
    const { x } = uniformCloud(n, d, randomSource(1));
    const own = await profiled(n, d, x);
    const file = join(folder, `${n}x${d}.bin`);
    writeFileSync(file, x);
    const theirs = anchor
      ? median(
          (
            await anchor.ask({
              variant: "loop",
              n,
              d,
              batch: 1,
              beta: BETA,
              x: file,
              out: null,
              seconds: Number(options.seconds),
            })
          ).us,
        )
      : null;
    // Scores of two blocks are computed once, their weights serve both ways.
    const blocks = Math.max(1, Math.round(n / BLOCK));
    const flops = 2 * n * n * d * ((blocks + 1) / (2 * blocks) + 1);
    const more = theirs === null ? ["–", "–"] : [us(theirs), (own.products / theirs).toFixed(2)];
    const parts = [own.products, own.exponentials, own.rest, own.whole].map(us);
    parts.splice(1, 0, (flops / own.products / 1000).toFixed(0));
    say(`| ${[n, d, ...parts, ...more].join(" | ")} |`);
  }
  anchor?.close();
  if (options.docs) putIntoDocs("profile", lines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
