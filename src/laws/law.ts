import type { StartName } from "./starts.ts";

/** A number that a law reads beside β and that is searched as β is, unless it is given. */
export interface FreeParameter {
  /** As the dynamics calls it, or `kappa`. */
  readonly name: string;
  /** The values tried first for tokens of width d, ascending; the search then goes on between neighbours. */
  readonly values: (d: number) => readonly number[];
  /** Whether ratios count, so that the middle of two values is their geometric mean. */
  readonly ratios?: true;
}

/** What texts say of a law beyond its label. */
export interface LawWords {
  /** What the label is short for. */
  readonly name: string;
  /** How fast its time runs beside that of others. */
  readonly time?: string;
}

/** A law that tokens may move by, as data: a dynamics of the simulator, what is searched of it and what is added to it. */
export interface Law {
  /** In `fit.json`, on the terminal and where families are asked for. */
  readonly name: string;
  readonly label: string;
  /** The dynamics that moves the tokens, by name. */
  readonly dynamics: string;
  readonly words?: LawWords;
  readonly free?: FreeParameter;
  /** The only β it has: nothing is searched then but times. */
  readonly beta?: number;
  /** Its matrices are those of the model that is at hand: without one it says nothing. */
  readonly ofModel?: true;
  /** Brownian motion on the sphere beside the dynamics, √(2/κ) dW; κ is the parameter `kappa`. */
  readonly noisy?: true;
  /** Where tokens start; left out: where the network's do. */
  readonly start?: StartName;
}
