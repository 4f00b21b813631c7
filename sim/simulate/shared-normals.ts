import { randomNormal } from "d3-random";
import { randomSource } from "../../models/random.ts";

/** Standard normal numbers of one seed for systems that step side by side: each of a step is drawn once, however many read it. */
export interface SharedNormals {
  /** Writes the numbers of this step from its first on, in turn. */
  readonly reader: () => (out: Float64Array) => void;
  /** Every system has taken the step: what comes is of the next one. */
  readonly nextStep: () => void;
}

/** @param seed - A whole number from 0 to 2³² − 1. */
export function sharedNormals(seed: number): SharedNormals {
  const draw = randomNormal.source(randomSource(seed))();
  let numbers = new Float64Array(1024);
  let drawn = 0;
  const drawTo = (count: number): void => {
    if (count > numbers.length) {
      const more = new Float64Array(2 * count);
      more.set(numbers);
      numbers = more;
    }
    while (drawn < count) numbers[drawn++] = draw();
  };
  return {
    reader: () => {
      let at = 0;
      return (out) => {
        drawTo(at + out.length);
        out.set(numbers.subarray(at, at + out.length));
        at += out.length;
      };
    },
    nextStep: () => {
      drawn = 0;
    },
  };
}
