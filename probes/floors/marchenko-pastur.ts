/** Nodes of the midpoint rule in the angle; the error falls as their square and is below 1e-6. */
const nodes = 2000;

/**
 * The mean of f under the law of Marchenko and Pastur with ratio y in [0, 1] and mean 1: the eigenvalues, times m/n, of
 * the m × m side of the Gram matrix of n isotropic tokens. With x = 1 + y + 2√y cos θ the density is (2/π) sin²θ/x on [0, π].
 */
export function marchenkoPasturMean(f: (x: number) => number, y: number): number {
  const root = Math.sqrt(y);
  let sum = 0;
  let weights = 0;
  for (let k = 0; k < nodes; k++) {
    const theta = ((k + 0.5) * Math.PI) / nodes;
    const x = (1 - root) ** 2 + 4 * root * Math.cos(theta / 2) ** 2;
    const weight = Math.sin(theta) ** 2 / x;
    sum += weight * f(x);
    weights += weight;
  }
  return sum / weights;
}
