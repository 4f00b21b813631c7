// β that is found of clouds of more than 128 tokens, where a sample of them points the way: a known law and β, twelve layers.
//
//     npm run build && node bench/large-clouds.mjs [--docs]        (three minutes)
//
// Tokens start in five clusters; fresh noise of every token in every layer as the table says.
import { parseArgs } from "node:util";
import { fit } from "../dist/src/index.js";
import { followedStates } from "./clouds/followed.mjs";
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
for (const law of CASES) {
  const { dynamics, n, d, beta, noise } = law;
  const states = await followedStates({ ...law, layers: LAYERS }, SEED);
  const { families } = await fit([states], { families: [dynamics], checks: false, updates: false });
  const found = families.find(({ name }) => name === dynamics);
  const [skill, w1] = [found.skill.toFixed(4), found.w1.toExponential(1)];
  const row = `| ${[dynamics, `${n} × ${d}`, noise, beta, found.beta.toPrecision(3), skill, w1].join(" | ")} |`;
  console.log(row);
  table.push(row);
}
if (options.docs) putIntoDocs("large clouds", table, "fit.md");
