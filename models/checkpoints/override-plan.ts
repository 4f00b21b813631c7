import { TokensphereError } from "../errors.ts";
import { MOST_BLOCKS, type Overrides } from "../files/overrides.ts";
import { checkBuilt } from "./built-settings.ts";
import type { Architecture, ModelPlan } from "./layers/architecture.ts";
import { headSizes } from "./layers/attention.ts";
import { configReader } from "./layers/config-reader.ts";

/**
 * The plan of a checkpoint with depth and heads overridden.
 *
 * @param path of config.json, for messages.
 * @throws TokensphereError `input` where the weights do not allow it, with the reason; `usage` for a number of heads
 *   that does not divide the width.
 */
export function overriddenPlan(
  architecture: Architecture,
  config: Readonly<Record<string, unknown>>,
  path: string,
  overrides: Overrides,
): ModelPlan {
  const { depth, heads, randomInit } = overrides;
  const { keys } = architecture;
  checkBuilt(architecture, config);
  const own = architecture.plan(configReader(config, path));
  checkSizes(own, path);
  const type = String(config.model_type);
  const fresh = randomInit !== undefined;
  if (depth !== undefined && depth !== own.layers && !fresh && !sharesBlocks(own)) throw ownWeights(depth, type, own);
  if (heads !== undefined && heads !== own.heads) checkHeads(heads, type, own, fresh);
  const changed = {
    ...config,
    ...(depth === undefined ? {} : { [keys.layers]: depth }),
    ...(heads === undefined ? {} : { [keys.heads]: heads }),
  };
  const plan = architecture.plan(configReader(changed, path));
  checkSizes(plan, path);
  return plan;
}

/** Sizes that no graph can be drawn for: a damaged config. */
function checkSizes(plan: ModelPlan, path: string): void {
  const { heads, keyHeads, headSize } = headSizes(plan);
  const turning = plan.attention.rotary ? (plan.attention.rotary(0).size ?? headSize) : 2;
  const refuse = (what: string) =>
    new TokensphereError("input", `config cannot be used: ${path}: ${what}. fetch it again`);
  if (plan.layers > MOST_BLOCKS) throw refuse(`${plan.layers} blocks are more than ${MOST_BLOCKS}`);
  if (!Number.isInteger(headSize)) throw refuse(`${heads} heads do not divide the width ${plan.width}`);
  if (heads % keyHeads !== 0) throw refuse(`${keyHeads} heads of keys do not divide the ${heads} of queries`);
  if (turning < 2 || turning % 2 !== 0) throw refuse(`rotary angles for ${turning} entries of a head`);
}

/** Whether all blocks take the same parameters. */
function sharesBlocks(plan: ModelPlan): boolean {
  const first = JSON.stringify(plan.block(0));
  return Array.from({ length: plan.layers }, (_, k) => JSON.stringify(plan.block(k))).every((names) => names === first);
}

function checkHeads(heads: number, type: string, plan: ModelPlan, fresh: boolean): void {
  const refuse = (why: string) =>
    new TokensphereError("input", `heads ${heads}: ${why}. leave the number of heads as it is`);
  if (plan.headSize !== undefined) {
    throw refuse(`${type} gives its heads a width of their own, so that its weights fit ${plan.heads} heads only`);
  }
  if (plan.attention.relative && !fresh) {
    throw refuse(`${type} has a learned bias for each of its ${plan.heads} heads`);
  }
  if (plan.width % heads === 0) return;
  const divisors = Array.from({ length: Math.min(plan.width, 64) }, (_, i) => i + 1).filter(
    (m) => plan.width % m === 0,
  );
  const what = `heads ${heads}: does not divide the width ${plan.width}`;
  throw new TokensphereError("usage", `${what}. use one of ${divisors.join(", ")}`);
}

function ownWeights(depth: number, type: string, plan: ModelPlan): TokensphereError {
  const what = `depth ${depth}: ${type} has weights of its own in each of its ${plan.layers} blocks`;
  const remedy = "only shared blocks, as ALBERT's, can be repeated; or draw weights afresh with a random-init seed";
  return new TokensphereError("input", `${what}. ${remedy}`);
}
