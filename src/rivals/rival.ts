import type { Cloud } from "../../probes/cloud.ts";
import type { FitText } from "../trajectories/fit-text.ts";

/** What could explain the layers of a text without attention, as a value: see `RIVALS`. */
export interface Rival {
  /** In `fit.json`. */
  readonly name: string;
  /** As legends and sentences call it. */
  readonly label: string;
  /** What it does, one clause. */
  readonly about: string;
  /** False where it sees both sides of what it predicts: then it is shown beside the others and beats nobody. */
  readonly competes: boolean;
  /** Whether it takes part where it is asked for alone. */
  readonly onlyAsked?: true;
  readonly predict: (text: FitText) => RivalPrediction;
}

/** What is predicted of a text, layer by layer; k counts fitted layers, 0 is given. */
export interface RivalPrediction {
  /** Unit tokens of layer k, `null` where it says nothing about that layer; `null` at all where it speaks of products alone. */
  readonly cloud: ((k: number) => Cloud | null) | null;
  /** Inner products i < j of layer k in the order of `innerProducts`, `null` where it says nothing about that layer. */
  readonly products: (k: number) => Float64Array | null;
  /** One draw of the products of layer k, where the law is random and `products` are expected ones: what distributions are compared by. */
  readonly drawn?: (k: number) => Float64Array | null;
  /** Numbers that were fitted to the text, where they can be counted. */
  readonly complexity?: number;
}
