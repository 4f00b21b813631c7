import { type Cloud, toCloud64 } from "../../probes/cloud.ts";
import { tokenMapper } from "./map/token-map.ts";
import { predictedClouds } from "./predicted-clouds.ts";
import type { Rival } from "./rival.ts";

export const linearMap: Rival = {
  name: "linear_map",
  label: "a linear map of each token",
  about: "one affine map a layer moves every token by itself, fitted by a ridge on other tokens",
  competes: true,
  predict({ n, clouds }) {
    if (n < 2) return predictedClouds([clouds[0]]);
    const map = tokenMapper(toCloud64(clouds[0]));
    return predictedClouds(clouds.map((cloud, k) => (k === 0 ? cloud : map(toCloud64(cloud)))));
  },
};

/**
 * One update by a token-wise affine map: where each token of x goes by the map that suits the other tokens' steps from x to y.
 *
 * @returns `null` where there is no other token.
 */
export function linearMapStep(x: Cloud, y: Cloud): Cloud | null {
  return x.n < 2 ? null : tokenMapper(toCloud64(x))(toCloud64(y));
}
