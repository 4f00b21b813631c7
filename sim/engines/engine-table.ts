import { TokensphereError } from "../../models/errors.ts";
import type { EngineKind } from "./contract/engine.ts";
import { harmonic } from "./harmonic/harmonic-engine.ts";
import { mean } from "./mean-engine.ts";
import { ort } from "./onnx/ort.ts";
import { simd } from "./simd/simd-engine.ts";
import { ts } from "./typescript-engine.ts";

/** Every kind of engine, by name. */
export const ENGINES = { harmonic, mean, ort, simd, ts } as const satisfies Readonly<Record<string, EngineKind>>;

/** Those that are here. */
export type EngineName = keyof typeof ENGINES;

/**
 * Looks a kind of engine up.
 *
 * @throws TokensphereError `usage` for an unknown name.
 */
export function findEngine(name: string): EngineKind {
  const found = new Map<string, EngineKind>(Object.entries(ENGINES)).get(name);
  if (found) return found;
  throw new TokensphereError("usage", `engine: ${name}. use auto, ${Object.keys(ENGINES).join(", ")}`);
}
