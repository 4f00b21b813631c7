import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import { averaging, sa, usa } from "./attention-fields.ts";
import { attentionBranch, mlpBranch, ownAttention } from "./network-fields.ts";
import { RIVAL_FIELDS } from "./rival-fields.ts";
import type { UpdateField } from "./update-field.ts";

/** What could move the tokens from layer to layer; any dynamics is a field too, by its name. */
export const FIELDS: readonly UpdateField[] = [
  averaging,
  sa,
  usa,
  ...RIVAL_FIELDS,
  ownAttention,
  attentionBranch,
  mlpBranch,
];

/** Those that are measured where none is asked for. */
export const DEFAULT_FIELDS: readonly UpdateField[] = [averaging, sa, usa];

/** The network's own parts, which are measured beside them where its states hold what they read. */
export const OWN_FIELDS: readonly UpdateField[] = [ownAttention, attentionBranch, mlpBranch];

/** The fields that states with these extras can be held against. */
export function fieldsWith(fields: readonly UpdateField[], extras: StreamExtras): readonly UpdateField[] {
  return fields.filter(({ reads }) => (!reads.attentions || extras.attentions) && (!reads.residMid || extras.residMid));
}

/** Whether a field, or the part of one, is the network's own: it reads more than hidden states. */
export function isOwnPart(name: string): boolean {
  const field = fieldNamed(name);
  return Boolean(field?.reads.attentions || field?.reads.residMid);
}

/**
 * A field of the table by its name, or one of its parts as `field.part`.
 *
 * @returns `undefined` where the table has none.
 */
export function fieldNamed(name: string, table: readonly UpdateField[] = FIELDS): UpdateField | undefined {
  const whole = table.find((field) => field.name === name);
  if (whole) return whole;
  const owner = table.find((field) => field.parts && name.startsWith(`${field.name}.`));
  if (!owner) return undefined;
  return { ...owner, name, parts: (states) => owner.parts?.(states).filter((part) => part.name === name) ?? [] };
}

/** What a model must show for these fields, beside hidden states. */
export function extrasOf(fields: readonly UpdateField[]): { readonly [K in keyof StreamExtras]: true } {
  const asked = (key: keyof StreamExtras) => fields.some(({ reads }) => reads[key]);
  return {
    ...(asked("residMid") ? { residMid: true } : {}),
    ...(asked("attentions") ? { attentions: true } : {}),
  };
}
