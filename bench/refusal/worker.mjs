// A process of bench/refusal.mjs: makes or reads one cloud and fits it.
import { readHiddenStates } from "../../dist/models/index.js";
import { familyOf, fit } from "../../dist/src/index.js";
import { cloudNamed } from "../clouds/catalogue.mjs";
import { statesOf } from "../clouds/kinds.mjs";
import { answer } from "../jobs.mjs";
import { readFit } from "./read-fit.mjs";

answer(async ({ file, name, seed }) => {
  if (file) return readFit(await fit(await readHiddenStates(file), { bootstrap: 0, seed: 1 }));
  const one = cloudNamed(name);
  const families = (one.options.families ?? ["sa", "usa"]).map((family) => familyOf(family));
  return readFit(await fit([statesOf(one, seed)], { bootstrap: 0, families, seed: 1 }));
});
