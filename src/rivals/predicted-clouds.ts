import type { Cloud } from "../../probes/cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import type { RivalPrediction } from "./rival.ts";

/** The prediction that these clouds make, one a layer; products are taken when they are asked for. */
export function predictedClouds(clouds: readonly (Cloud | null)[]): RivalPrediction {
  const cloud = (k: number) => clouds[k] ?? null;
  return {
    cloud,
    products(k) {
      const at = cloud(k);
      return at && innerProducts(at, true);
    },
  };
}
