import { option } from "../../models/errors.ts";
import type { SimulationEvent } from "../events/event.ts";

/** Why a system's integration ended, in words. */
export type Outcome =
  | "reached the end"
  | "stopped by condition"
  | "event"
  | "step limit"
  | "step underflow"
  | "time overflow"
  | "blow-up";

/** What integrating one system came to and what it cost. Failure is a value: nothing after `time` was saved. */
export interface SystemResult {
  readonly outcome: Outcome;
  /** A sentence that helps; empty where the end was reached. */
  readonly message: string;
  /** How far it came, in time units of the dynamics. */
  readonly time: number;
  /** From this time on all tokens coincide and the cloud is at rest; `null`: it still moved at the end. */
  readonly restTime: number | null;
  /** Clouds handed to `save`. */
  readonly saved: number;
  /** Accepted steps. */
  readonly steps: number;
  readonly rejected: number;
  /** Velocities of this system that were computed. */
  readonly evaluations: number;
  /** Those that were looked for and happened, in order of time. */
  readonly events: readonly SimulationEvent[];
}

/** Remedies, by outcome. */
export const OUTCOME_MESSAGES: Readonly<Record<Outcome, string>> = {
  "reached the end": "",
  "stopped by condition": "the observer asked to stop",
  event: "a terminal event happened",
  "step limit": `too many steps: raise ${option("maxSteps")}, or rtol and atol, or ask for shorter times`,
  "step underflow": "the step fell to 0: raise rtol and atol",
  "time overflow": "rates of e^β and this time are together above 10³⁰⁰: ask for shorter times",
  "blow-up": "the state is no longer finite: shorten the step",
};

/** What may help. Where steps choose themselves nobody can shorten them. */
export function remedyOf(outcome: Outcome, { step }: { readonly step: number | null }): string {
  return outcome === "blow-up" && step === null ? "the state is no longer finite" : OUTCOME_MESSAGES[outcome];
}
