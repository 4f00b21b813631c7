import type { Engine, EngineName, EngineTask } from "./engine.ts";
import { harmonicEngine } from "./harmonic-engine.ts";
import { onnxEngine } from "./onnx-engine.ts";
import { typescriptEngine } from "./typescript-engine.ts";

/** How to choose: `auto` by size, a name, or an engine that the caller keeps (and releases). */
export type EngineChoice = "auto" | EngineName | Engine;

/** Work of one call below which starting ONNX Runtime (some 15 µs) costs more than it saves; see bench/sim.mjs. */
const CROSSOVER = 12_000;

/** Tokens on the circle from which sums over harmonics win over sums over pairs. */
const MANY_ON_CIRCLE = 128;

/** The engine that is fastest for `batch` systems. An exponential costs plain TypeScript some six products. */
export function fastestEngine({ dynamics, n, d }: Omit<EngineTask, "params">, batch: number): EngineName {
  if (d === 2 && n >= MANY_ON_CIRCLE && dynamics.onCircle) return "harmonic";
  return 2 * batch * n * n * (d + 6) < CROSSOVER ? "ts" : "ort";
}

/**
 * Makes the chosen engine.
 *
 * @param batch - Systems in a call, as far as known.
 * @param threads - Threads of ONNX Runtime.
 */
export async function chooseEngine(
  choice: EngineChoice,
  task: EngineTask,
  batch: number,
  threads: number,
): Promise<Engine> {
  if (typeof choice === "object") return choice;
  const name = choice === "auto" ? fastestEngine(task, batch) : choice;
  if (name === "harmonic") return harmonicEngine(task);
  return name === "ts" ? typescriptEngine(task) : onnxEngine(task, threads);
}
