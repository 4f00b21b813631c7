import { TokensphereError } from "../../models/errors.ts";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { capCloud } from "../../sim/clouds/cap-cloud.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import type { CommonOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import type { SimulateOptions } from "../options/simulate.ts";
import { readCloud } from "../sources/read-cloud.ts";

/** Up to here statistics keep the inner products of all pairs: 4 GiB of them. */
export const PAIRED_TOKENS = 2 ** 15;

/**
 * The start that the options name, of at most `most` tokens (default: as many as have all pairs counted). Throws `usage` where
 * they name none, or one that is larger, and as `readCloud`.
 */
export async function startCloud(
  effects: Effects,
  { init, tensor, angles, n, d, cap, seed }: SimulateOptions & CommonOptions,
  most = PAIRED_TOKENS,
): Promise<Cloud> {
  if (angles !== undefined) {
    checkTokens(angles.length, most);
    return { n: angles.length, d: 2, x: Float64Array.from(angles.flatMap((t) => [Math.cos(t), Math.sin(t)])) };
  }
  if (init !== undefined) {
    const cloud = await readCloud(effects, init, tensor);
    checkTokens(cloud.n, most);
    return { n: cloud.n, d: cloud.d, x: normalizeRows(cloud, init) };
  }
  if (n === undefined || d === undefined) {
    throw new TokensphereError(
      "usage",
      "no start given. add --init FILE, --angles LIST, or --n N --d D for uniform points",
    );
  }
  checkTokens(n, most);
  return cap === undefined ? uniformCloud(n, d, randomSource(seed)) : capCloud(n, d, cap, randomSource(seed));
}

function checkTokens(n: number, most: number): void {
  if (n > most) throw new TokensphereError("usage", `n: ${n}. use at most ${most} tokens here`);
}
