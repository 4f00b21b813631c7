import { it } from "vitest";
import { join } from "node:path";
import { openModel } from "../../models/open-model.ts";
import { readInputs } from "../../models/raw-inputs.ts";
import { openSafetensors, readFloats } from "../../models/safetensors-reader.ts";
import { distances } from "../models/compare-states.ts";
import { readFileSync, readdirSync } from "node:fs";
const F = "/work/shared/fixtures";
it.each([["albert", 0, 0], ["bert"], ["roberta"], ["distilbert"], ["albert_L12_H1", 12, 1], ["albert_L48_H1", 48, 1]])("%s", async (a, depth, heads) => {
  const m = await openModel(join(F, String(a).split("_")[0], "model.safetensors"), { threads: 1, ...(depth ? { depth } : {}), ...(heads ? { heads } : {}), warn: console.log });
  const st = await m.states(await readInputs(join(F, a, "inputs.json")));
  console.log(a, m.description.source, m.description.files, m.description.shared_weights, [...(await distances(st, join(F, a))).entries()].map(([k, v]) => `${k}: ${v.max.toExponential(1)}`).join(" "));
  await m.close();
});
it("rxn", async () => {
  const R = "/work/shared/models/rxnmapper-albert";
  for (const [depth, heads] of [[12, 8], [48, 8], [48, 1]]) for (const t of ["suzuki", "amide-coupling", "pictet-spengler"]) {
    const ref = await openSafetensors(join(R, "reference", `${t}.L${depth}.H${heads}.safetensors`));
    const all = JSON.parse(readFileSync(join(R, "reference/cosine.json"), "utf8"));
    const m = await openModel(R, { depth, heads, warn: console.log });
    const t0 = performance.now();
    const st = await m.states(all[`${t}.L${depth}.H${heads}`].text);
    const y = await readFloats(ref, `hidden_states.${depth}`);
    const x = st.layers[depth].x; let mx = 0, sq = 0, sy = 0; for (let i = 0; i < x.length; i++) { mx = Math.max(mx, Math.abs(x[i] - y.x[i])); sq += (x[i] - y.x[i]) ** 2; sy += y.x[i] ** 2; }
    console.log(depth, heads, t, mx, Math.sqrt(sq / sy), performance.now() - t0, [...ref.tensors.keys()].length);
    await ref.close(); await m.close();
  }
}, 60000);
it("loop", async () => {
  for (const f of readdirSync(join(F, "albert")).filter((f) => f.endsWith("onnx")).map((f) => join(F, "albert", f)).concat(readdirSync(join(F, "extra/albert")).map((f) => join(F, "extra/albert", f)))) for (const depth of [3, 12]) {
    try {
      const a = await openModel(f, { threads: 1, depth });
      const inputs = await readInputs(join(F, "albert/inputs.json"));
      const x = await a.states(inputs);
      const b = await openModel(join(F, "albert/model.safetensors"), { threads: 1, depth });
      const y = await b.states(inputs);
      console.log(f.slice(F.length), depth, a.description.layers, Math.max(...x.layers.map((l, k) => l.x.reduce((m, v, i) => Math.max(m, Math.abs(v - y.layers[k].x[i])), 0))));
    } catch (e) { console.log(f.slice(F.length), depth, String(e)); }
  }
}, 60000);
