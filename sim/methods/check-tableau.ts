import { type RootedTree, rootedTrees, treeDensity, treeOrder } from "./rooted-trees.ts";
import { completed, denseWeights, type Embedded, type Method, type Tableau } from "./tableau.ts";

/** Published coefficients carry 16 digits and the largest is about 90: residuals of some 1e-13 are rounding. */
const ROUNDING = 1e-12;

/** Where in a step the dense weights are checked. */
const THETAS = [0.1, 0.25, 0.5, 0.75, 0.9, 1];

/**
 * Checks a tableau and completes it.
 *
 * @throws Error where a row sum, an order condition, the pair or the dense weights are wrong: a slip in the data.
 */
export function defineMethod(tableau: Tableau): Method {
  const problems = checkTableau(tableau);
  if (problems.length > 0) throw new Error(`tableau ${tableau.name}: ${problems.join("; ")}`);
  return completed(tableau);
}

/** Everything that is wrong with a tableau, as sentences; empty where it is sound. Orders are checked by rooted trees. */
export function checkTableau(tableau: Tableau): string[] {
  const shape = checkShape(tableau);
  if (shape.length > 0) return shape;
  const { a, b, c, order, embedded = [], dense } = tableau;
  return [
    ...checkRowSums(a, c),
    ...orderProblems("b", a, b, order),
    ...(holds(a, b, order + 1) ? [`b: order is above the claimed ${order}`] : []),
    ...embedded.flatMap((other) => checkPair(tableau, other)),
    ...THETAS.flatMap((theta) =>
      orderProblems(`dense at ${theta}`, a, denseWeights(dense.weights, theta), dense.order, theta),
    ),
    ...denseWeights(dense.weights, 1).flatMap((w, i) =>
      near(w, b[i] ?? 0) ? [] : [`dense: weight ${i} at 1 is ${w}, not ${b[i] ?? 0}`],
    ),
  ];
}

function checkShape({ a, b, c, embedded = [], dense }: Tableau): string[] {
  const [s, all] = [b.length, a.length];
  const problems: string[] = [];
  if (all < s || a.some((row, i) => row.length !== i))
    problems.push(`a: ${all} rows; row i of at least ${s} must have i entries`);
  if (c.length !== all) problems.push(`c: ${c.length} entries for ${all} stages`);
  if (embedded.length > 2) problems.push(`embedded: ${embedded.length} solutions, at most 2`);
  for (const other of embedded) {
    if (other.b.length !== s) problems.push(`embedded: ${other.b.length} weights for ${s} stages`);
  }
  if (dense.weights.length !== all) problems.push(`dense: ${dense.weights.length} rows for ${all} stages`);
  return problems;
}

function checkRowSums(a: Tableau["a"], c: Tableau["c"]): string[] {
  return a.flatMap((row, i) => {
    const sum = row.reduce((total, entry) => total + entry, 0);
    return near(sum, c[i]) ? [] : [`a: row ${i} sums to ${sum}, not c = ${c[i]}`];
  });
}

/** An embedded solution must have its order and differ, or its error estimate is worth nothing. */
function checkPair({ a, order }: Tableau, embedded: Embedded): string[] {
  const problems = orderProblems("embedded", a, embedded.b, embedded.order);
  if (embedded.order >= order) problems.push(`embedded: order ${embedded.order} is not below ${order}`);
  if (holds(a, embedded.b, order)) problems.push(`embedded: order is above the claimed ${embedded.order}`);
  return problems;
}

/** Conditions Σ_i b_i Φ_i(t) = θ^{|t|}/γ(t) for every tree of at most `order` nodes. */
function orderProblems(name: string, a: Tableau["a"], b: readonly number[], order: number, theta = 1): string[] {
  const problems: string[] = [];
  for (let p = 1; p <= order; p++) {
    const worst = Math.max(...rootedTrees(p).map((tree) => residual(a, b, tree, theta)));
    if (!(worst <= ROUNDING)) problems.push(`${name}: order ${p} fails by ${worst.toExponential(1)}`);
  }
  return problems;
}

function holds(a: Tableau["a"], b: readonly number[], order: number): boolean {
  return rootedTrees(order).every((tree) => residual(a, b, tree, 1) <= ROUNDING);
}

function residual(a: Tableau["a"], b: readonly number[], tree: RootedTree, theta: number): number {
  const phi = stageWeights(a, tree);
  const sum = b.reduce((total, weight, i) => total + weight * phi[i], 0);
  return Math.abs(sum - theta ** treeOrder(tree) / treeDensity(tree));
}

/** Φ_i(t) = Π over the children u of Σ_j a_ij Φ_j(u). */
function stageWeights(a: Tableau["a"], tree: RootedTree): number[] {
  const children = tree.map((child) => stageWeights(a, child));
  return a.map((row) =>
    children.reduce((product, phi) => product * row.reduce((sum, entry, j) => sum + entry * phi[j], 0), 1),
  );
}

function near(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= ROUNDING;
}
