// Runs every ONNX file of a model folder on the texts of its reference/cosine.json and compares the statistics of all layers,
// special tokens kept and dropped.   node bench/cosine.mjs ../shared/models/rxnmapper-albert     (after npm run build)
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openModel } from "../dist/models/index.js";
import { defaultPolicy, probeLayer, productMeasures } from "../dist/probes/index.js";

const folder = process.argv[2];
const texts = Object.entries(JSON.parse(readFileSync(join(folder, "reference/cosine.json"), "utf8")));
const MEASURES = { mean: "mean_cosine", std: "sd_cosine", mass09: "mass_0.9" };

console.log("| file | layers | texts | ids equal | policy | mean | sd | mass(.9) |");
console.log("|---|---|---|---|---|---|---|---|");
for (const file of readdirSync(join(folder, "onnx")).filter((name) => name.endsWith(".onnx"))) {
  const model = await openModel(join(folder, "onnx", file));
  const depth = model.description.layers;
  const worst = { keep: { mean: 0, std: 0, mass09: 0 }, drop: { mean: 0, std: 0, mass09: 0 } };
  const own = texts.filter(([name]) => name.includes(`.L${depth}.H${model.description.heads}`));
  let idsEqual = 0;
  for (const [, { text, ids, cosine }] of own) {
    const encoded = (await model.tokenizer()).encode(text);
    idsEqual += encoded.ids.join() === ids.join() ? 1 : 0;
    const states = await model.states(text);
    for (const specialTokens of /** @type {const} */ (["keep", "drop"])) {
      states.layers.forEach(({ layer }, index) => {
        const expected = cosine[`${layer}.${specialTokens}`];
        const options = { measures: [productMeasures], intervals: false };
        const { measures } = probeLayer(states, 0, index, { policy: { ...defaultPolicy, specialTokens }, ...options });
        for (const [key, measure] of Object.entries(MEASURES)) {
          const { value } = measures.find((row) => row.measure === measure);
          worst[specialTokens][key] = Math.max(worst[specialTokens][key], Math.abs(value - expected[key]));
        }
      });
    }
  }
  await model.close();
  for (const [policy, { mean, std, mass09 }] of Object.entries(worst)) {
    const numbers = [mean, std, mass09].map((v) => v.toExponential(1)).join(" | ");
    console.log(`| ${file} | ${depth} | ${own.length} | ${idsEqual} | ${policy} | ${numbers} |`);
  }
}
