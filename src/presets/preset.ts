import type { Overrides } from "../../models/files/overrides.ts";
import type { PartialPolicy } from "../../probes/policy/policy.ts";
import type { BinRule } from "../../probes/products/bin-edges.ts";

/** What a preset says in the place of flags; a flag that is given wins. */
export interface PresetSettings extends Overrides, PartialPolicy {
  readonly truncate?: boolean;
  /** Windows in the place of cutting. No preset sets it. */
  readonly chunk?: unknown;
  /** What is put in where it is no text. No preset sets them. */
  readonly image?: unknown;
  readonly inputs?: unknown;
}

/** One reading of the same weights. All readings of a preset are probed on the same texts and drawn beside each other. */
export interface PresetVariant {
  /** In file names and in the manifest: small letters and hyphens. */
  readonly name: string;
  /** Whether the head count of the model's own config takes the place of the one that is set. */
  readonly ownHeads: boolean;
}

/** A sentence that belongs to every figure made under this policy. */
export interface PresetRemark {
  readonly when: PartialPolicy;
  readonly text: string;
}

/** A named way to run a command, as plain data: a further one is one more file and a line in the registry. */
export interface Preset {
  readonly name: string;
  /** For the help: what it makes. */
  readonly about: string;
  /** Title of its figure. */
  readonly title: string;
  /** In what its readings differ, behind "the same weights". */
  readonly contrast: string;
  /** Hub id, where the user names no model. */
  readonly model: string;
  readonly settings: PresetSettings;
  readonly binRule: BinRule;
  /** How many bins, or at most how many where the rule finds them. */
  readonly bins: number;
  /** Limits of the drawn inner products. */
  readonly x: readonly [number, number];
  /** Layers that get a panel, by the name of the choice. */
  readonly panels: Readonly<Record<string, readonly number[]>>;
  /** The choice where the user makes none. */
  readonly usualPanels: string;
  /** The first is the published one; a run's files without a variant's name are its. */
  readonly variants: readonly PresetVariant[];
  readonly remarks: readonly PresetRemark[];
}
