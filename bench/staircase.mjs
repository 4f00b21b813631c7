// The five-token staircase of GKPR24 at β = 1000 and 4000: plateau values, when each is left, seconds and
// evaluations; beside it its authors' scheme, written anew in NumPy (bench/anchors/staircase.py), in turns.
//
//   npm run build && node bench/staircase.mjs [--python PATH] [--docs] [--rounds R] [--step RADIANS]
//
// The scheme moves tokens along USA's gradient rescaled to unit norm, so it passes through the plateaus but has no
// times; ours integrates SA in real time with step control, over 33 and 143 decades. --step: radians of one of the
// scheme's steps. Markdown on stdout; --docs puts it into docs/speed.md.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { energyOf, innerProducts } from "../dist/probes/index.js";
import { simulate } from "../dist/sim/index.js";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    docs: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    step: { type: "string", default: "1e-4" },
  },
});
const ANGLES = [0, 0.04249, 0.16996, 0.33992, 0.59486];
const WANTED = [0.28, 0.44, 0.52, 1];
/** A time within each plateau. */
const WITHIN = { 1000: [20, 1e5, 1e20, 1e40], 4000: [1e8, 1e30, 1e100, 1e150] };

/** Plateau values, merge times, seconds and evaluations of one run. */
async function staircase(beta) {
  const plateaus = [];
  const times = [];
  const begin = performance.now();
  const [result] = await simulate(
    {
      dynamics: "sa",
      n: ANGLES.length,
      d: 2,
      times: WITHIN[beta],
      systems: [{ beta, x0: Float64Array.from(ANGLES.flatMap((a) => [Math.cos(a), Math.sin(a)])) }],
      events: [{ kind: "merge", level: 1 - 1e-6 }],
    },
    {
      save: (_system, _index, _time, cloud) => {
        plateaus.push(energyOf(innerProducts(cloud, true), cloud.n, beta).scaled);
      },
      event: (_system, { time }) => {
        times.push(time);
      },
    },
  );
  return { plateaus, times, seconds: (performance.now() - begin) / 1000, evaluations: result.evaluations };
}

/** The scheme in a process of its own: β → its answer; or null where there is no NumPy. */
function startScheme() {
  const script = fileURLToPath(new URL("anchors/staircase.py", import.meta.url));
  const child = spawn(options.python, [script, options.step], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  let alive = true;
  const end = () => {
    alive = false;
    for (const resolve of waiting.splice(0)) resolve(null);
  };
  child.on("error", end);
  child.on("exit", end);
  child.stdin.on("error", end);
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line)));
  const ask = (beta) =>
    new Promise((resolve) => {
      if (!alive) return resolve(null);
      waiting.push(resolve);
      child.stdin.write(`${beta}\n`);
    });
  return { ask, close: () => child.stdin.end() };
}

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const spread = (values) => [0.5, 0.25, 0.75].map((q) => quantile(values, q).toPrecision(2));
const seconds = (values) => {
  const [middle, low, high] = spread(values);
  return `${middle} (${low}–${high})`;
};
const offBy = (plateaus) => Math.max(...plateaus.map((value, i) => Math.abs(value - WANTED[i]))).toExponential(0);

const scheme = startScheme();
const lines = [];
for (const beta of [1000, 4000]) {
  const [ours, theirs] = [[], []];
  await staircase(beta);
  for (let round = 0; round < Number(options.rounds); round++) {
    ours.push(await staircase(beta));
    const answer = await scheme.ask(beta);
    if (answer) theirs.push(answer);
  }
  const { plateaus, times, evaluations } = ours[0];
  const values = plateaus.map((value) => value.toFixed(4)).join(", ");
  const left = times.map((time) => time.toExponential(1)).join(", ");
  lines.push([beta, "ours", values, offBy(plateaus), left, seconds(ours.map((run) => run.seconds)), evaluations]);
  if (theirs.length === 0) continue;
  const shown = theirs[0].plateaus.map((value) => value.toFixed(4)).join(", ");
  const taken = seconds(theirs.map((run) => run.seconds));
  lines.push([beta, `scheme, step ${options.step}`, shown, offBy(theirs[0].plateaus), "–", taken, theirs[0].steps]);
}
scheme.close();
const table = ["| β | | plateaus | off by | left at | seconds | evaluations |", "|---:|---|---|---:|---|---|---:|"];
table.push(...lines.map((line) => `| ${line.join(" | ")} |`));
if (lines.length === 2) table.push("", `skipped: the authors' scheme (${options.python} has no NumPy)`);
console.log(table.join("\n"));
if (options.docs) putIntoDocs("staircase", table);
