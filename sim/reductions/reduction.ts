import type { Cloud } from "../../probes/cloud.ts";
import type { Float64Cloud } from "../clouds/uniform-cloud.ts";

/**
 * A smaller closed system that clouds of one family follow exactly: project(flow(x)) = flow(project(x)), and
 * project(lift(s)) = s.
 */
export interface Reduction<State> {
  readonly name: string;
  /**
   * The state of a cloud, whose rows may have any length but 0.
   *
   * @throws TokensphereError `input` where the cloud is not of the family.
   */
  readonly project: (cloud: Cloud) => State;
  /** A cloud in that state. */
  readonly lift: (state: State) => Float64Cloud;
  /** The states at the times: sorted, finite, ≥ 0. */
  readonly flow: (state: State, beta: number, times: readonly number[]) => Promise<State[]>;
}
