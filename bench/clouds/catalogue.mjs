// Every cloud of the bench's own, by name.
import { ATTENTION, ROTATED } from "./attention-clouds.mjs";
import { KIN, UNDECIDABLE } from "./kin-clouds.mjs";
import { MIXING } from "./mixing-clouds.mjs";
import { TOKEN_WISE } from "./token-wise-clouds.mjs";
import { OTHER_ATTENTION, WHOLE } from "./whole-clouds.mjs";

export const CATALOGUE = [
  ...ATTENTION,
  ...ROTATED,
  ...KIN,
  ...TOKEN_WISE,
  ...MIXING,
  ...WHOLE,
  ...OTHER_ATTENTION,
  ...UNDECIDABLE,
];

/** @returns {any} */
export function cloudNamed(name) {
  const found = CATALOGUE.find((one) => one.name === name);
  if (!found) throw new Error(`cloud: ${name}. use ${CATALOGUE.map((one) => one.name).join(", ")}`);
  return found;
}
