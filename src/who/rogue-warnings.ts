import { isRogue } from "../../probes/coordinates/coordinate-shares.ts";
import type { CoordinateRow } from "./coordinate-row.ts";

/** What must be said where one coordinate carries more than a third of a mean cosine: one sentence a coordinate, worst first. */
export function rogueWarnings(rows: readonly CoordinateRow[]): readonly string[] {
  const rogue = new Map<number, CoordinateRow[]>();
  for (const row of rows) {
    if (row.share === null || !isRogue(row.share, row.d)) continue;
    rogue.set(row.coordinate, [...(rogue.get(row.coordinate) ?? []), row]);
  }
  return [...rogue.values()]
    .map((each) => ({ each, worst: each.reduce((a, b) => (shareOf(b) > shareOf(a) ? b : a)) }))
    .sort((a, b) => shareOf(b.worst) - shareOf(a.worst))
    .map(({ each, worst }) => sentence(worst, [...new Set(each.map(({ layer }) => layer))].length));
}

function shareOf({ share }: CoordinateRow): number {
  return share ?? 0;
}

function sentence(worst: CoordinateRow, layers: number): string {
  const { coordinate, layer } = worst;
  const where = layers === 1 ? `layer ${layer}` : `${layers} layers, most in layer ${layer}`;
  const share = `${Math.round(100 * shareOf(worst))} %`;
  return `coordinate ${coordinate} carries more than a third of the mean cosine in ${where}: ${share}. see what is left with --normalize standardize`;
}
