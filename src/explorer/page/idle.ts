/** A task that waits until the page has nothing else to do. */
export interface IdleTask {
  /** Asks for it; asked for again before it is done, it is done once. */
  ask(): void;
}

/** While something moves in every frame, what waits is done once in so many ms all the same. */
const LONGEST_WAIT = 100;

/** Makes such a task. Where a browser does not tell when it is idle, it is done a moment after the frame. */
export function idleTask(work: () => void): IdleTask {
  let asked = false;
  const done = () => {
    asked = false;
    work();
  };
  return {
    ask() {
      if (asked) return;
      asked = true;
      if ("requestIdleCallback" in globalThis) requestIdleCallback(done, { timeout: LONGEST_WAIT });
      else setTimeout(done, LONGEST_WAIT / 4);
    },
  };
}
