/** Moves the depth from layer to layer. */
export interface Player {
  readonly playing: boolean;
  start(): void;
  stop(): void;
}

/** One layer takes this long, in ms; all together no longer than `LONGEST`. */
const LAYER = 700;
const LONGEST = 14_000;

/** Who plays. */
export interface PlayOptions {
  readonly last: () => number;
  readonly depth: () => number;
  readonly go: (depth: number) => void;
  readonly changed: (playing: boolean) => void;
}

/** Plays from where the depth is, from the start where it is at the end; from layer to layer at once where less motion is asked for. */
export function openPlayer({ last, depth, go, changed }: PlayOptions): Player {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let [frame, before, exact] = [0, 0, 0];
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    changed(false);
  };
  const step = (now: number) => {
    const pace = Math.min(LAYER, LONGEST / Math.max(1, last()));
    exact = Math.min(last(), exact + Math.min(100, now - before) / pace);
    before = now;
    go(still.matches ? Math.floor(exact) : exact);
    if (exact >= last()) stop();
    else frame = requestAnimationFrame(step);
  };
  return {
    get playing() {
      return frame !== 0;
    },
    start() {
      exact = depth() >= last() ? 0 : depth();
      before = performance.now();
      frame = requestAnimationFrame(step);
      changed(true);
    },
    stop,
  };
}
