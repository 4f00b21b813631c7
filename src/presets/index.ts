export { type Applied, applyPreset, type PresetRecord } from "./apply-preset.ts";
export { glprFigure1 } from "./glpr-figure1.ts";
export { planVariants, readingInWords, type VariantPlan } from "./plan-variants.ts";
export type { Preset, PresetRemark, PresetSettings, PresetVariant } from "./preset.ts";
export { PRESETS, presetNamed } from "./presets.ts";
