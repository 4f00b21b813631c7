import { TokensphereError } from "../../errors.ts";

/** What to say of a variant of a known architecture that is not built; `what` is the setting, as config.json has it. */
export function variantNotBuilt(what: string): TokensphereError {
  const remedy = "export the model with `optimum-cli export onnx --model DIR OUT`, then give OUT";
  return new TokensphereError("input", `not built from a checkpoint: ${what}. ${remedy}`);
}
