// β that is found of clouds of more than 128 tokens, where a sample of them points the way: a known law and β, twelve layers.
//
//     npm run build && node bench/large-clouds.mjs [--docs]        (three minutes)
//
// Tokens start in five clusters; fresh noise of every token in every layer as the table says.
import { parseArgs } from "node:util";
import { simulate } from "../dist/sim/index.js";
import { fit } from "../dist/src/index.js";
import { statesOf } from "./clouds/kinds.mjs";
import { randomNumbers } from "./clouds/random.mjs";
import { clustered } from "./clouds/starts.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const { values: options } = parseArgs({ options: { docs: { type: "boolean", default: false } } });
const LAYERS = 12;
const SEED = 3;
/** Times by which the clusters are well under way. */
const CASES = [
  { dynamics: "sa", n: 300, d: 64, beta: 1, noise: 0.03, end: 1.5 },
  { dynamics: "sa", n: 300, d: 64, beta: 4, noise: 0.03, end: 1.5 },
  { dynamics: "sa", n: 300, d: 64, beta: 12, noise: 0.03, end: 12 },
  { dynamics: "sa", n: 300, d: 64, beta: 30, noise: 0, end: 12 },
  { dynamics: "usa", n: 300, d: 64, beta: 4, noise: 0.03, end: 1.5 * Math.exp(-2.4) },
  { dynamics: "usa", n: 300, d: 64, beta: 12, noise: 0, end: 1.5 * Math.exp(-7.2) },
  { dynamics: "usa", n: 300, d: 64, beta: 25, noise: 0, end: 1.5 * Math.exp(-15) },
  { dynamics: "sa", n: 200, d: 32, beta: 8, noise: 0.03, end: 1.5 },
  { dynamics: "usa", n: 200, d: 32, beta: 8, noise: 0.03, end: 1.5 * Math.exp(-4.8) },
  { dynamics: "sa", n: 150, d: 16, beta: 2, noise: 0.03, end: 1.5 },
];

const table = ["| law | tokens × width | noise | β | β found | skill | W1 |", "|---|---:|---:|---:|---:|---:|---:|"];
for (const { dynamics, n, d, beta, noise, end } of CASES) {
  const x0 = clustered(randomNumbers(SEED), { n, d });
  const times = Array.from({ length: LAYERS + 1 }, (_, k) => (end * k) / LAYERS);
  const clouds = [];
  const save = (_system, _index, _t, { x }) => void clouds.push(Float64Array.from(x));
  await simulate({ dynamics, n, d, systems: [{ beta, x0 }], times, lift: true, rtol: 1e-6, atol: 1e-6 }, { save });
  const states = await statesOf({ n, d, noise, clouds: () => clouds }, 1);
  const { families } = await fit([states], { families: [dynamics], checks: false, updates: false });
  const found = families.find(({ name }) => name === dynamics);
  const [skill, w1] = [found.skill.toFixed(4), found.w1.toExponential(1)];
  const row = `| ${[dynamics, `${n} × ${d}`, noise, beta, found.beta.toPrecision(3), skill, w1].join(" | ")} |`;
  console.log(row);
  table.push(row);
}
if (options.docs) putIntoDocs("large clouds", table, "fit.md");
