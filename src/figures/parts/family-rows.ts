import type { ComparedFit, LevelledFamily } from "../../comparison/comparison.ts";

/** One predicted value of one family at one layer. */
export interface FamilyRow {
  readonly layer: number;
  readonly series: string;
  readonly value: number;
}

/** One row a family and layer of any quantity that a fit gives per layer; none without a fit. */
export function familyRows(
  fit: ComparedFit | null,
  quantity: (family: LevelledFamily) => readonly number[] | undefined,
): readonly FamilyRow[] {
  if (fit === null) return [];
  return fit.families.flatMap((family) => {
    const values = quantity(family) ?? [];
    return values.map((value, k) => ({ layer: fit.observed.layers[k]!, series: family.name, value }));
  });
}
