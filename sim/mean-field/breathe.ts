import { setImmediate } from "node:timers/promises";

/**
 * Looks at the event loop in the midst of work that never waits, so that timers and signals live beside it.
 *
 * @throws what `signal` is aborted with.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await setImmediate();
}
