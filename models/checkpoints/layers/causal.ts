import type { ConfigReader } from "./config-reader.ts";

/** Whether positions of a decoder see only those before them: all do, except where a config makes it an encoder. */
export function isCausal(config: ConfigReader): boolean {
  return config.flag("is_causal", true) && !config.flag("use_bidirectional_attention", false);
}
