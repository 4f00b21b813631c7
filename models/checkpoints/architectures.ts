import { TokensphereError } from "../errors.ts";
import { albert } from "./architectures/albert.ts";
import { bert, electra, roberta } from "./architectures/bert.ts";
import { deberta } from "./architectures/deberta.ts";
import { distilbert } from "./architectures/distilbert.ts";
import { gptNeox } from "./architectures/gpt-neox.ts";
import { gpt2 } from "./architectures/gpt2.ts";
import { llama, qwen2, qwen3 } from "./architectures/llama.ts";
import { modernbert } from "./architectures/modernbert.ts";
import { mpnet } from "./architectures/mpnet.ts";
import { opt } from "./architectures/opt.ts";
import { t5 } from "./architectures/t5.ts";
import { deit, dinov2, vit } from "./architectures/vit.ts";
import type { Architecture } from "./layers/architecture.ts";

/** Every architecture that is built from a checkpoint. */
export const ARCHITECTURES: readonly Architecture[] = [
  ...[albert, bert, deberta, distilbert, electra, mpnet, roberta, modernbert, t5],
  ...[vit, deit, dinov2],
  ...[gpt2, gptNeox, llama, opt, qwen2, qwen3],
];

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
