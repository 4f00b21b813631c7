/** Where each layer lies between the first fitted and the last: 0 … 1, in step with the layer numbers. */
export function layerFractions(layers: readonly number[]): number[] {
  const [first, last] = [layers[0], layers[layers.length - 1]];
  return layers.map((layer) => (layer - first) / (last - first));
}
