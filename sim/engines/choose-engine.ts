import type { Engine, EngineName, EngineTask } from "./contract/engine.ts";
import { harmonicEngine } from "./harmonic/harmonic-engine.ts";
import { harmonicsPay } from "./harmonic/sphere.ts";
import { onnxEngine } from "./onnx/onnx-engine.ts";
import { simdCost, simdEngine } from "./simd/simd-engine.ts";
import { typescriptEngine } from "./typescript-engine.ts";

/** How to choose: `auto` by size, a name, or an engine that the caller keeps (and releases). */
export type EngineChoice = "auto" | EngineName | Engine;

/** Products and exponentials in one call below which what an engine takes to start costs more than it saves. */
const ORT_CROSSOVER = 12_000;
const SIMD_CROSSOVER = 3_000;

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
 * to `ort`.
 */
export function fastestEngine(
  { dynamics, n, d, beta }: Omit<EngineTask, "params">,
  batch: number,
  threads = 2,
): EngineName {
  const { harmonics } = dynamics;
  // Harmonics know no threads.
  const share = Math.min(batch, threads);
  if (harmonics && d === 2 && n >= share * circlePairs(beta ?? USUAL_BETA)) return "harmonic";
  if (harmonics && d === 3 && beta !== undefined && harmonicsPay(n / share, beta)) return "harmonic";
  const work = 2 * batch * n * n * (d + 6);
  if (!harmonics) return work < ORT_CROSSOVER ? "ts" : "ort";
  if (work < SIMD_CROSSOVER) return "ts";
  const simd = (batch * simdCost(n, d)) / share;
  return simd <= ORT_CALL + (batch * ortCost(n, d)) / Math.max(1, ORT_EFFICIENCY * threads) ? "simd" : "ort";
}

/**
 * Pairs that cost as much as all harmonics of one token on the circle: there are some 8 + 9√β, each a little dearer.
 */
const circlePairs = (beta: number): number => 9 + 10.5 * Math.sqrt(beta);

const ortCost = (n: number, d: number): number => n * n * (3 + 0.045 * d) + 3 * n * d;

/**
 * Makes the chosen engine.
 *
 * @param batch - Systems in a call, as far as known.
 * @param threads - Threads of an engine that can use several.
 */
export async function chooseEngine(
  choice: EngineChoice,
  task: EngineTask,
  batch: number,
  threads: number,
): Promise<Engine> {
  if (typeof choice === "object") return choice;
  const name = choice === "auto" ? fastestEngine(task, batch, threads) : choice;
  if (name === "harmonic") return harmonicEngine(task);
  if (name === "simd") return simdEngine(task, threads);
  return name === "ts" ? typescriptEngine(task) : onnxEngine(task, threads);
}
