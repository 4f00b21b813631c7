import type { Cloud } from "../../probes/cloud.ts";
import { logMap } from "../../probes/updates/log-map.ts";
import { commonMotionStep } from "../rivals/common-motion.ts";
import { linearMapSteps } from "../rivals/linear-map.ts";
import type { FieldAnswer, FieldInput, UpdateField } from "./update-field.ts";

/** Rivals as fields of a single step: what each predicts for a token was fitted to the others. */
export const RIVAL_FIELDS: readonly UpdateField[] = [
  {
    name: "common_motion",
    label: "one vector added to all tokens",
    about: "one vector added to all tokens, fitted to the others",
    needsBeta: false,
    reads: {},
    answer: ({ step }) => towards(step, commonMotionStep(step.x, step.y)),
  },
  {
    ...linearMapField(() => linearMapSteps()),
    // The steps of a text follow each other: each is searched from where the one before was found.
    parts: () => {
      const predicted = linearMapSteps();
      return [linearMapField(() => predicted)];
    },
  },
];

function linearMapField(steps: () => ReturnType<typeof linearMapSteps>): UpdateField {
  return {
    name: "linear_map",
    label: "one linear map of each token",
    about: "one affine map of each token, a ridge regression fitted to the others",
    needsBeta: false,
    reads: {},
    answer: ({ step }) => towards(step, steps()(step.x, step.y)),
  };
}

function towards({ x }: FieldInput["step"], next: Cloud | null): FieldAnswer {
  return next === null ? { missing: "too few tokens to leave one out" } : { velocity: logMap(x, next) };
}
