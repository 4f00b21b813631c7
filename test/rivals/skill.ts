import { innerProducts } from "../../probes/products/inner-products.ts";
import { meanChord } from "../../src/rivals/kernels/mean-chord.ts";
import type { Rival } from "../../src/rivals/rival.ts";
import type { FitText } from "../../src/trajectories/fit-text.ts";

/** 1 − chord/chord of frozen at the last layer. */
export function tokenSkill(rival: Rival, text: FitText): number {
  const { clouds } = text;
  const last = clouds.length - 1;
  const predicted = rival.predict(text).cloud?.(last);
  return predicted ? 1 - meanChord(predicted, clouds[last]) / meanChord(clouds[0], clouds[last]) : Number.NaN;
}

/** 1 − Σ(G − Ĝ)²/Σ(G − G(0))² over layers after the first that it speaks of. */
export function pairSkill(rival: Rival, text: FitText): number {
  const grams = text.clouds.map((cloud) => innerProducts(cloud, true));
  const { products } = rival.predict(text);
  let missed = 0;
  let moved = 0;
  for (let k = 1; k < grams.length; k++) {
    const predicted = products(k);
    if (!predicted) continue;
    grams[k].forEach((g, p) => {
      missed += (g - predicted[p]) ** 2;
      moved += (g - grams[0][p]) ** 2;
    });
  }
  return 1 - missed / moved;
}
