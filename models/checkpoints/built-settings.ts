import type { Architecture } from "./layers/architecture.ts";
import { variantNotBuilt } from "./layers/refuse-variant.ts";

/** Of every architecture: attention to another model's states, and heads that were taken out. */
const EVERYWHERE: Architecture["built"] = { add_cross_attention: [false], pruned_heads: [{}] };

/**
 * Refuses a config that asks for another function than the one that is drawn. Keys are compared with what is built; one that is
 * missing or null is at its default. Every item of a list must be built.
 *
 * @throws TokensphereError `input` naming the key and its value.
 */
export function checkBuilt({ modelTypes, built }: Architecture, config: Readonly<Record<string, unknown>>): void {
  const type = String(config.model_type ?? modelTypes[0]);
  for (const [key, values] of Object.entries({ ...EVERYWHERE, ...built })) {
    const known = new Set(values.map((value) => JSON.stringify(value)));
    const asked = config[key] ?? null;
    const odd = (Array.isArray(asked) ? asked : [asked]).find((one) => one !== null && !known.has(JSON.stringify(one)));
    if (odd !== undefined) throw variantNotBuilt(`${type} with ${key} ${JSON.stringify(odd).slice(0, 60)}`);
  }
}
