// A process of bench/recovery.mjs: makes the cloud of a truth and fits it.
import { fit } from "../../dist/src/index.js";
import { distance } from "../clouds/sphere.mjs";
import { answer } from "../jobs.mjs";
import { recoveryStates, truthOf } from "./draw.mjs";

answer(async ({ id }) => {
  const truth = truthOf(id);
  const states = recoveryStates(truth);
  const { best, tie = [], conclusion = null, families } = await fit([states], { seed: 1 });
  const moving = families.filter(({ name }) => name !== "frozen");
  return {
    truth: { ...truth, moved: distance(states.layers[0].x, states.layers.at(-1).x, truth.d) },
    best,
    tie,
    conclusion,
    z: moving.find(({ name }) => name === best)?.pair_z ?? null,
    families: Object.fromEntries(
      moving.map(({ name, beta, time, beta_corrected: corrected = null, ...rest }) => [
        name,
        { beta, corrected, map: time.map, intervals: intervalsOf(rest) },
      ]),
    ),
  };
});

/** Intervals by level in per cent; a build that has only that of 95 % gives that. */
const intervalsOf = (/** @type {any} */ { beta_intervals, beta_interval }) =>
  beta_intervals ?? (beta_interval ? { 95: beta_interval } : {});
