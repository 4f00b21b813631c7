import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Elsewhere } from "../comparison/fit.ts";
import { farWorkshop } from "./far-workshop.ts";
import type { HelperPool } from "./helper-pool.ts";

/** Pairs of tokens over all layers below which a fit is done before a process has started. */
const WORTH_A_PROCESS = 20_000;

/** Whether a fit of these states takes longer than a process takes to start. */
export function isWorthAProcess(batches: readonly HiddenStates[]): boolean {
  return batches.reduce((sum, { batch, n, layers }) => sum + batch * n * n * layers.length, 0) >= WORTH_A_PROCESS;
}

/**
 * What other processes do of a fit: families beside those that are fitted here, where a helper is idle, and the rivals, which wait for no
 * family. A small fit is done here alone.
 *
 * @param families - How many are fitted.
 */
export function elsewhere(pool: HelperPool, batches: readonly HiddenStates[], families: number): Elsewhere {
  if (!isWorthAProcess(batches)) return {};
  const idle = pool.idle(families - 1);
  const helper = idle[0] ?? pool.started();
  return {
    workshops: idle.map(farWorkshop),
    ...(helper ? { rivals: (texts) => helper.ask("rivals", texts) } : {}),
  };
}
