import type { Cloud } from "../../probes/cloud.ts";
import { sortValues } from "../../probes/numerics/sort-values.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { orderOf } from "./kernels/order-of.ts";
import { unitRow } from "./kernels/unit-rows.ts";
import type { Rival } from "./rival.ts";

/**
 * The neighbouring layers' mean, without any law: for tokens its direction, for products the mean of the two sorted lists, in which
 * a pair has the rank of its own mean. So the histogram is that of the sorted means, which is nearest to the layer's own,
 * and pairs keep their order. The first and last layer lie between nothing.
 */
export const interpolation: Rival = {
  name: "interpolation",
  label: "the middle of neighbouring layers",
  about: "a layer is the mean of its two neighbours, which are given",
  competes: false,
  predict({ clouds }) {
    const inner = (k: number) => k > 0 && k < clouds.length - 1;
    return {
      cloud: (k) => (inner(k) ? midCloud(clouds[k - 1], clouds[k + 1]) : null),
      products: (k) =>
        inner(k) ? midProducts(innerProducts(clouds[k - 1], true), innerProducts(clouds[k + 1], true)) : null,
    };
  },
};

/** A token that turned by half a circle has no middle: it stays. */
function midCloud(before: Cloud, after: Cloud): Cloud {
  const { n, d } = before;
  const x = Float64Array.from(before.x, (value, p) => value + after.x[p]);
  for (let i = 0; i < n; i++) unitRow(x, d, i, before.x);
  return { n, d, x };
}

function midProducts(before: Float64Array, after: Float64Array): Float64Array {
  const sum = before.slice();
  for (let p = 0; p < sum.length; p++) sum[p] += after[p];
  const low = sortValues(before.slice());
  const high = sortValues(after.slice());
  const out = new Float64Array(sum.length);
  orderOf(sum).forEach((p, rank) => {
    out[p] = (low[rank] + high[rank]) / 2;
  });
  return out;
}
