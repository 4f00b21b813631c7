import { TokensphereError } from "../../models/errors.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import { graphsOf } from "../terms/term.ts";
import type { Engine, EngineKind, EngineTask } from "./contract/engine.ts";
import { type EngineName, findEngine } from "./engine-table.ts";
import { harmonicsPay } from "./harmonic/sphere.ts";
import { simdCost } from "./simd/simd-engine.ts";

/** How to choose an engine that is opened for a run: `auto` by size, one of `ENGINES` by name, or a kind of one's own. */
export type EngineKindChoice = string | EngineKind;

/** Or an engine that the caller keeps (and releases). */
export type EngineChoice = EngineKindChoice | Engine;

/** Whether a choice is an engine that the caller keeps. */
export function isKept(choice: EngineChoice | undefined): choice is Engine {
  return typeof choice === "object" && choice !== null && "velocity" in choice;
}

/** Products and exponentials in one call below which what an engine takes to start costs more than it saves. */
const ORT_CROSSOVER = 12_000;
const SIMD_CROSSOVER = 3_000;

/** Numbers in a cloud from which the mean vector at β = 0 is taken. */
const MEAN_CROSSOVER = 256;

/** Taken where nothing is known of β. */
const USUAL_BETA = 20;

/** Threads of ONNX Runtime do this part of what they might: they wait for each other after every operator. */
const ORT_EFFICIENCY = 0.75;
/** Nanoseconds of one call of ONNX Runtime apart from its work. */
const ORT_CALL = 15_000;

/**
 * The engine that is fastest for `batch` systems: sums over harmonics where they pay; plain TypeScript for a few
 * tokens; else the cheaper of `simd` and `ort` by measured costs (nanoseconds a system on one core of a server,
 * within a third; bench/sim.mjs):
 *
 *     simd  n² (1 + 0.21 d)              threads share the systems of a batch
 *     ort   n² (3 + 0.045 d) + 3 n d     threads share each operator
 *
 * so that `simd` serves up to some 32 coordinates at n = 32 and 9 at n = 1024, and whatever it cannot compute is left
 * to `ort`, or to plain TypeScript where a term has no graph.
 */
export function fastestEngine(
  task: Omit<EngineTask, "params"> & { readonly params?: DynamicsParams },
  batch: number,
  threads = 2,
): EngineName {
  const name = cheapest(task, batch, threads);
  return name === "ort" && !graphsOf(task.dynamics.terms(task.params ?? {})) ? "ts" : name;
}

function cheapest(
  { dynamics, n, d, beta, negative }: Omit<EngineTask, "params">,
  batch: number,
  threads: number,
): EngineName {
  const { harmonics } = dynamics;
  // Below some hundred numbers plain TypeScript loses nothing, and keeps its relative accuracy between tokens that are close.
  if (harmonics && beta === 0 && n * d >= MEAN_CROSSOVER) return "mean";
  // Harmonics know no threads.
  const share = Math.min(batch, threads);
  if (harmonics && d === 2 && n >= share * circlePairs(beta ?? USUAL_BETA)) return "harmonic";
  if (harmonics && d === 3 && beta !== undefined && harmonicsPay(n / share, beta)) return "harmonic";
  const work = 2 * batch * n * n * (d + 6);
  if (!harmonics) return work < ORT_CROSSOVER ? "ts" : "ort";
  if (work < SIMD_CROSSOVER) return "ts";
  if (negative) return work < ORT_CROSSOVER ? "ts" : "ort";
  const simd = (batch * simdCost(n, d)) / share;
  return simd <= ORT_CALL + (batch * ortCost(n, d)) / Math.max(1, ORT_EFFICIENCY * threads) ? "simd" : "ort";
}

/**
 * Pairs that cost as much as all harmonics of one token on the circle: there are some 8 + 9√β, each a little dearer.
 */
const circlePairs = (beta: number): number => 9 + 10.5 * Math.sqrt(Math.abs(beta));

const ortCost = (n: number, d: number): number => n * n * (3 + 0.045 * d) + 3 * n * d;

/**
 * Makes the chosen engine; one that is kept is given back.
 *
 * @param batch - Systems in a call, as far as known.
 * @param threads - Threads of an engine that can use several.
 * @throws TokensphereError `usage` for an unknown name or an engine that cannot serve the task, `environment` where it cannot be had.
 */
export async function chooseEngine(
  choice: EngineChoice,
  task: EngineTask,
  batch: number,
  threads: number,
): Promise<Engine> {
  if (isKept(choice)) return choice;
  const kind = kindOf(choice === "auto" ? fastestEngine(task, batch, threads) : choice);
  const reason = kind.whyNot(task);
  if (reason !== null) throw new TokensphereError("usage", `engine ${kind.name}: ${reason}`);
  return kind.open(task, threads);
}

/** @throws TokensphereError `usage` for an unknown name or a value that is no kind of engine. */
function kindOf(choice: EngineKindChoice): EngineKind {
  if (typeof choice === "string") return findEngine(choice);
  if (typeof choice?.open === "function" && typeof choice.whyNot === "function") return choice;
  throw new TokensphereError("usage", "engine: neither an engine nor a kind. give { name, about, whyNot, open }");
}
