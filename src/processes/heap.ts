/**
 * How V8 keeps what is young: 32 MB from the start. Clouds, products and sketches live for a moment, and in the room that it begins
 * with (1 MB) many are taken for lasting: a fit then spends a twelfth of its time in looking after them.
 */
export const HEAP: readonly string[] = ["--min-semi-space-size=32", "--max-semi-space-size=32"];
