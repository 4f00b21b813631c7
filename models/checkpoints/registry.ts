import { TokensphereError } from "../errors.ts";
import type { Architecture } from "./architecture.ts";
import { albert } from "./architectures/albert.ts";
import { bert, electra, roberta } from "./architectures/bert.ts";
import { distilbert } from "./architectures/distilbert.ts";

/** Every architecture that is built from a checkpoint. */
export const ARCHITECTURES: readonly Architecture[] = [albert, bert, distilbert, electra, roberta];

/**
 * The architecture of config.json's `model_type`.
 *
 * @param where the checkpoint, for the message.
 * @throws TokensphereError `input` for one that is not known; says which are, and what works instead.
 */
export function architectureOf(modelType: string, where: string): Architecture {
  const found = ARCHITECTURES.find(({ modelTypes }) => modelTypes.includes(modelType));
  if (found) return found;
  const known = ARCHITECTURES.flatMap(({ modelTypes }) => modelTypes).sort();
  const what = `cannot build ${modelType || "a model without model_type"} from a checkpoint: ${where}`;
  const remedy = `known are ${known.join(", ")}; for any other: \`optimum-cli export onnx --model DIR OUT\`, then give OUT`;
  throw new TokensphereError("input", `${what}. ${remedy}`);
}
