import { randomNormal } from "d3-random";
import { randomSource } from "../../models/random.ts";

/** Standard normal numbers of one seed for systems that step side by side: each of a step is drawn once, however many read it. */
export interface SharedNormals {
  /** Writes the numbers of this step from its first on, in turn. */
  readonly reader: () => (out: Float64Array) => void;
  /** Every system has taken the step: what comes is of the next one. */
  readonly nextStep: () => void;
}

/** The numbers of one seed from its first on, kept for paths that are followed one after the other. */
export interface KeptNormals {
  readonly seed: number;
  /** Writes those from place `from` on, drawn when they are first asked for; false, and nothing, where more is wanted than is kept. */
  readonly read: (from: number, out: Float64Array) => boolean;
}

/** 256 MB: a thousand steps of 128 tokens in 256 dimensions. */
const MOST_KEPT = 2 ** 25;
/** They lie in blocks of so many: one array of all would have to be copied as it grows. */
const BLOCK = 2 ** 20;

/**
 * Numbers to be handed to every `simulateNoisy` of paths that share a seed and follow one after the other: each is drawn once. Paths are
 * the same without.
 *
 * @param seed - A whole number from 0 to 2³² − 1.
 * @param most - Numbers that are kept, 8 bytes each; what lies beyond is drawn anew for every path.
 * @param block - How many lie side by side in memory.
 * @throws TokensphereError `usage` for another seed.
 */
export function keptNormals(seed: number, most = MOST_KEPT, block = BLOCK): KeptNormals {
  const draw = numbersOf(seed);
  const blocks: Float64Array[] = [];
  let drawn = 0;
  const drawTo = (count: number): void => {
    for (; drawn < count; drawn++) {
      if (drawn % block === 0) blocks.push(new Float64Array(block));
      blocks[blocks.length - 1][drawn % block] = draw();
    }
  };
  return {
    seed,
    read(from, out) {
      if (from + out.length > most) return false;
      drawTo(from + out.length);
      for (let at = 0; at < out.length; ) {
        const inBlock = (from + at) % block;
        const count = Math.min(out.length - at, block - inBlock);
        out.set(blocks[Math.floor((from + at) / block)].subarray(inBlock, inBlock + count), at);
        at += count;
      }
      return true;
    },
  };
}

/**
 * @param seed - A whole number from 0 to 2³² − 1.
 * @param kept - Numbers of this seed that were drawn already: the same, sooner.
 */
export function sharedNormals(seed: number, kept?: KeptNormals): SharedNormals {
  // Of the numbers of this seed those before this step, and those that were taken in it.
  let from = 0;
  let taken = 0;
  let own: OwnNormals | null = kept ? null : ownNormals(seed, 0);
  const write = (at: number, out: Float64Array): void => {
    if (!own && kept?.read(from + at, out)) return;
    own ??= ownNormals(seed, from);
    own.write(at, out);
  };
  return {
    reader: () => {
      let at = 0;
      return (out) => {
        write(at, out);
        at += out.length;
        taken = Math.max(taken, at);
      };
    },
    nextStep: () => {
      from += taken;
      taken = 0;
      own?.nextStep();
    },
  };
}

/** Numbers of a step, drawn in it and forgotten after it. */
interface OwnNormals {
  readonly write: (at: number, out: Float64Array) => void;
  readonly nextStep: () => void;
}

/** @param from - How many numbers of the seed came before. */
function ownNormals(seed: number, from: number): OwnNormals {
  const draw = numbersOf(seed);
  for (let k = 0; k < from; k++) draw();
  let numbers: Float64Array = new Float64Array(1024);
  let drawn = 0;
  return {
    write(at, out) {
      const count = at + out.length;
      if (count > numbers.length) {
        const more = new Float64Array(2 * count);
        more.set(numbers);
        numbers = more;
      }
      while (drawn < count) numbers[drawn++] = draw();
      out.set(numbers.subarray(at, count));
    },
    nextStep() {
      drawn = 0;
    },
  };
}

function numbersOf(seed: number): () => number {
  return randomNormal.source(randomSource(seed))();
}
