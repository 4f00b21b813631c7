import { type Cloud, toCloud64 } from "../../probes/cloud.ts";
import { nothingFound, tokenMapper } from "./map/token-map.ts";
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
 * Single updates by token-wise affine maps: where each token of x goes by the map that suits the other tokens' steps from x to y.
 * What suits one step is near what suits the next: it is searched from there.
 *
 * @returns gives `null` where there is no other token.
 */
export function linearMapSteps(): (x: Cloud, y: Cloud) => Cloud | null {
  const starts = nothingFound();
  return (x, y) => (x.n < 2 ? null : tokenMapper(toCloud64(x), starts)(toCloud64(y)));
}
