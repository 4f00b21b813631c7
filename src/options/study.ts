import { type CommonOptions, out } from "../command-line/common.ts";
import type { OptionsOf } from "../command-line/options-of.ts";
import { EXTRAS, SAVE_STATES } from "./extras.ts";
import { MODEL } from "./model.ts";
import { NAMED, OPEN } from "./named.ts";
import { PARQUET } from "./parquet.ts";
import { PLUGINS } from "./plugins.ts";
import { PAIRS, POLICY } from "./policy.ts";
import { PRESET, PRESET_CONFLICTS } from "./preset.ts";
import { TEXT_CONFLICTS, TEXTS } from "./texts.ts";
import { NO_UPDATES } from "./updates.ts";
import { WHO } from "./who.ts";

/** What is studied and measured, and where the run goes: `probe` is this, `compare` fits as well. */
export const STUDY = [
  ...PRESET,
  ...MODEL,
  ...TEXTS,
  ...POLICY,
  ...PAIRS,
  ...PLUGINS,
  ...EXTRAS,
  ...NO_UPDATES,
  ...WHO,
  ...out("folder for the run (default: a new one under runs/)"),
  ...SAVE_STATES,
  ...PARQUET,
  ...NAMED,
  ...OPEN,
] as const;

/** What does not go together in a study. */
export const STUDY_CONFLICTS = [...PRESET_CONFLICTS, ...TEXT_CONFLICTS] as const;

export type StudyOptions = OptionsOf<typeof STUDY> & CommonOptions;
