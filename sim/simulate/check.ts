import { TokensphereError } from "../../models/errors.ts";
import { checkBeta, checkTimes, checkWhole } from "../clouds/check-number.ts";
import { checkParams } from "../dynamics/check-params.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import { isKept } from "../engines/choose-engine.ts";
import { checkEvents } from "../events/check-events.ts";
import { findMethod } from "../methods/methods.ts";
import type { SimulateOptions } from "./options.ts";

/** Tokens lie on a sphere of radius 1: with larger errors a state would say nothing. */
const MOST_TOLERANCE = 0.1;

/**
 * Checks the options of a simulation; clouds are checked as they are read.
 *
 * @throws TokensphereError `usage`, or `input` for parameters that came by file.
 */
export function checkSimulation(options: SimulateOptions): void {
  checkWhole("n", options.n, 1);
  checkWhole("d", options.d, 1);
  const dynamics = findDynamics(options.dynamics);
  if (dynamics.width !== undefined && options.d !== dynamics.width)
    throw new TokensphereError("usage", `d: ${options.d}. ${dynamics.name} needs d = ${dynamics.width}`);
  checkParams(dynamics, options.params ?? {}, options.n, options.d);
  if (options.systems.length === 0) throw new TokensphereError("usage", "systems: none. give at least one");
  for (const { beta } of options.systems) checkBeta(beta);
  if (isKept(options.engine) && (options.params?.layers?.length ?? 0) > 1)
    throw new TokensphereError("usage", "engine: one that is kept has the matrices of one layer. use auto, ts or ort");
  checkTimes(options.times);
  if (options.timeUnit === "exp" && !(dynamics.logScale(1, options.params ?? {}) > 0 && !dynamics.pieces))
    throw new TokensphereError("usage", `time unit: exp of ${dynamics.name}. it is for usa and the like: use one`);
  checkEvents(options.events ?? [], options.n);
  checkSteps(options);
}

function checkSteps({ method = "tsit5", step, rtol, atol, maxSteps, threads }: SimulateOptions): void {
  const { name, errorWeights } = findMethod(method);
  if (step === undefined && errorWeights.length === 0) {
    throw new TokensphereError("usage", `step: missing. ${name} needs one, or use tsit5`);
  }
  checkPositive("step", step);
  checkTolerance("rtol", rtol);
  checkTolerance("atol", atol);
  if (maxSteps !== undefined) checkWhole("maxSteps", maxSteps, 1);
  if (threads !== undefined) checkWhole("threads", threads, 1);
}

function checkTolerance(name: string, value: number | undefined): void {
  checkPositive(name, value);
  if (value === undefined || value <= MOST_TOLERANCE) return;
  throw new TokensphereError("usage", `${name}: ${value}. use at most ${MOST_TOLERANCE}`);
}

function checkPositive(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isFinite(value) && value > 0)) return;
  throw new TokensphereError("usage", `${name}: ${value}. use a positive number`);
}
