// A process of bench/flanks.mjs: the coarse profile of a truth under SA and USA, and how far a search goes that may end.
import { defaultPolicy } from "../../dist/probes/policy/policy.js";
import { fixedEdges } from "../../dist/probes/products/bin-edges.js";
import { coarseSearch } from "../../dist/src/fit/coarse-search.js";
import { FIT_DEFAULTS } from "../../dist/src/fit/fit-defaults.js";
import { observeTexts } from "../../dist/src/fit/observe.js";
import { logGrid } from "../../dist/src/fit/search.js";
import { prepare } from "../../dist/src/fit/workshop.js";
import { movingFamilies } from "../../dist/src/laws/families.js";
import { answer } from "../jobs.mjs";
import { flankStates, truthOf } from "./draw.mjs";

const { betaMin, betaMax } = FIT_DEFAULTS;
/** As a fit of up to 128 tokens tries them first. */
const BETAS = logGrid({ betaMin, betaMax, perOctave: 2 });

answer(async ({ id }) => {
  const truth = truthOf(id);
  const states = await flankStates(truth);
  if (states.length === 0) return { truth, betas: BETAS, profiles: [] };
  const observed = observeTexts(states, defaultPolicy, 0);
  const { problems } = prepare({ observed, edges: [...fixedEdges(100)], settings: FIT_DEFAULTS });
  const profiles = [];
  for (const family of movingFamilies(["sa", "usa"])) {
    const [whole, wholeSeconds] = await timed(() =>
      coarseSearch(problems.sample, { ...family, oneValley: undefined }, BETAS),
    );
    const [ended, endedSeconds] = await timed(() => coarseSearch(problems.sample, family, BETAS));
    const w1 = whole.map(({ alignments: { linear, monotone } }) => [linear.w1, monotone.w1]);
    profiles.push({ fitted: family.name, w1, kept: ended.length, seconds: [wholeSeconds, endedSeconds] });
  }
  return { truth, betas: BETAS, profiles };
});

/** @returns {Promise<[any, number]>} */
async function timed(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}
