import { TokensphereError } from "../../models/errors.ts";
import type { Preset } from "./preset.ts";

/** Which layers get a panel: a named choice gives way where the model is shallower, a list does not. */
export interface PanelChoice {
  readonly named: boolean;
  readonly layers: readonly number[];
}

/** More panels than this are not read. */
const MOST_PANELS = 24;

/**
 * `--panels` as the user wrote it: the name of a choice, or layers such as `0,12,48`.
 *
 * @throws TokensphereError `usage` for anything else.
 */
export function parsePanels(preset: Preset, text: string = preset.usualPanels): PanelChoice {
  if (Object.hasOwn(preset.panels, text)) return { named: true, layers: preset.panels[text] };
  const parts = text.split(",").map((part) => part.trim());
  const layers = [...new Set(parts.map(Number))];
  if (parts.every((part) => /^\d{1,4}$/.test(part)) && layers.length <= MOST_PANELS) return { named: false, layers };
  const legal = [...Object.keys(preset.panels), `up to ${MOST_PANELS} layers, such as 0,12,48`].join(", ");
  throw new TokensphereError("usage", `--panels: ${text}. use ${legal}`);
}

/**
 * The panels of a model with this many layers. Of a named choice those that there are, and the last layer.
 *
 * @throws TokensphereError `usage` where a list names a layer that the model has not.
 */
export function panelsFor({ named, layers }: PanelChoice, depth: number): readonly number[] {
  const beyond = layers.find((layer) => layer > depth);
  if (beyond === undefined) return layers;
  if (named) return [...layers.filter((layer) => layer < depth), depth];
  throw new TokensphereError(
    "usage",
    `--panels: layer ${beyond}: the model has layers 0 to ${depth}. give fewer layers`,
  );
}
