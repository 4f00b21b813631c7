import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { type ContextChange, explainedUpdate, type FieldInContexts } from "../../probes/updates/intervention.ts";
import { checkParams, withDefaults } from "../../sim/dynamics/check-params.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS, findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { memberNamed } from "../../sim/dynamics/member-named.ts";
import { chooseEngine } from "../../sim/engines/choose-engine.ts";
import type { Engine } from "../../sim/engines/contract/engine.ts";
import { threadsBesideWork } from "../../sim/engines/threads-beside-work.ts";
import { type BlockContexts, pickRows } from "./contexts.ts";

/** A field whose change is held against that of the updates. */
export interface ContextField {
  readonly name: string;
  readonly dynamics: Dynamics;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The only β it has; left out: the best of several. */
  readonly beta?: number;
}

/** What fields are asked for by. */
export interface AskedField {
  readonly name: string;
  readonly dynamics: string | Dynamics;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/**
 * Averaging, which is SA at β = 0, and those asked for.
 *
 * @param isCausal whether tokens see only what comes before them: each field is then its causal form, where it has one.
 */
export function contextFields(asked: readonly AskedField[], isCausal: boolean): readonly ContextField[] {
  const averaging = { name: "averaging", dynamics: "sa", beta: 0 };
  return [averaging, ...asked].map((field) => {
    const own = findDynamics(field.dynamics);
    const causal = isCausal ? memberNamed(Object.values(DYNAMICS), `${own.name}_causal`) : undefined;
    const parameters = "parameters" in field ? field.parameters : {};
    return { ...field, name: causal ? `${field.name}_causal` : field.name, dynamics: causal ?? own, parameters };
  });
}

/** Velocities on clouds of any size; the engines that compute them are kept until they are released. */
export interface Velocities {
  /** Tangent velocities `[n, d]`, of any common scale. @throws TokensphereError `usage` where the dynamics does not serve such a cloud. */
  at(field: ContextField, cloud: Cloud, beta: number): Promise<Float64Array>;
  release(): Promise<void>;
}

export function openVelocities(): Velocities {
  const engines = new Map<string, Promise<Engine>>();
  const engineFor = ({ dynamics, parameters }: ContextField, n: number, d: number): Promise<Engine> => {
    const key = `${dynamics.name} ${n} ${d}`;
    const open = async () => {
      checkParams(dynamics, parameters, n, d);
      const params = withDefaults(dynamics.parameters, parameters);
      return chooseEngine("auto", { dynamics, params, n, d }, 1, threadsBesideWork(n, d));
    };
    const engine = engines.get(key) ?? open();
    engines.set(key, engine);
    return engine;
  };
  return {
    async at(field, { n, d, x }, beta) {
      const engine = await engineFor(field, n, d);
      const out = new Float64Array(n * d);
      const scale = field.dynamics.logScale(beta, field.parameters);
      await engine.velocity(
        x instanceof Float64Array ? x : Float64Array.from(x),
        Float64Array.of(beta),
        Float64Array.of(scale),
        1,
        out,
      );
      return field.dynamics.geometry === "sphere" ? out : tangent(out, x, d);
    },
    async release() {
      for (const engine of engines.values()) {
        await engine.then(
          (one) => one.release(),
          () => undefined,
        );
      }
    },
  };
}

/** The part of each row of v that is tangent at the same row of x, in place. */
function tangent(v: Float64Array, x: Cloud["x"], d: number): Float64Array {
  for (let i = 0; i < v.length; i += d) {
    let along = 0;
    for (let p = i; p < i + d; p++) along += v[p] * x[p];
    for (let p = i; p < i + d; p++) v[p] -= along * x[p];
  }
  return v;
}

/** A field at its best β, with its velocities of the tokens compared. */
export interface BestField {
  readonly beta: number;
  readonly parts: readonly FieldInContexts[];
  /** What it explains of the change of updates. */
  readonly update: number;
}

/** Inverse temperatures that are tried first. */
const COARSE = [0.5, 1, 2, 4, 8, 16] as const;

/**
 * The field at the β at which it explains most of a change of updates.
 *
 * @param betas those to choose from; left out: from 0.35 to 23, in steps of a factor √2 about the best.
 * @returns null where the dynamics does not serve clouds of such sizes, as with a mass for each token.
 */
export async function bestField(
  velocities: Velocities,
  field: ContextField,
  contexts: BlockContexts,
  change: ContextChange,
  betas?: readonly number[],
): Promise<BestField | null> {
  const among = async (some: readonly number[], before: BestField | null) => {
    let best = before;
    for (const beta of some) {
      const parts = await inContexts(velocities, field, contexts, beta);
      if (parts === null) return null;
      const update = explainedUpdate(change, parts) ?? 0;
      if (best === null || update > best.update) best = { beta, parts, update };
    }
    return best;
  };
  if (field.beta !== undefined) return among([field.beta], null);
  if (betas !== undefined) return among(betas, null);
  const near = await among(COARSE, null);
  return near && among([near.beta / Math.SQRT2, near.beta * Math.SQRT2], near);
}

async function inContexts(
  velocities: Velocities,
  field: ContextField,
  { cloud, parts }: BlockContexts,
  beta: number,
): Promise<readonly FieldInContexts[] | null> {
  try {
    const full = await velocities.at(field, cloud, beta);
    const found: FieldInContexts[] = [];
    for (const part of parts) {
      const own = await velocities.at(field, part.cloud, beta);
      found.push({
        full: pickRows(full, cloud.d, part.inFull),
        part: pickRows(own, cloud.d, part.inPart),
      });
    }
    return found;
  } catch (error) {
    if (error instanceof TokensphereError) return null;
    throw error;
  }
}
