// Linear centred kernel alignment of two clouds: 1 where they are the same up to rotation, shift and scale of the whole cloud.
// tokensphere probe --plugin examples/plugins/linear-cka.mjs --text "Call me Ishmael. Some years ago …"      (pair-metrics.csv)
import { definePairMeasure } from "tokensphere/probes";

function centred({ n, d, x }) {
  const out = Float64Array.from(x);
  for (let k = 0; k < d; k++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += x[i * d + k] / n;
    for (let i = 0; i < n; i++) out[i * d + k] -= mean;
  }
  return { n, d, x: out };
}

/** ‖XᵀY‖² in the norm of Frobenius, a row of XᵀY at a time. */
function overlap({ n, d, x }, { d: e, x: y }) {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const row = new Float64Array(e);
    for (let i = 0; i < n; i++) for (let l = 0; l < e; l++) row[l] += x[i * d + k] * y[i * e + l];
    for (const entry of row) sum += entry * entry;
  }
  return sum;
}

/** Kornblith et al., ICML 2019, equation (5). */
const value = (a, b, x = centred(a), y = centred(b)) => overlap(x, y) / Math.sqrt(overlap(x, x) * overlap(y, y));

export default { pairMeasures: [definePairMeasure({ name: "linear_cka", value })] };
