import type { Engine, EngineKind, EngineTask } from "./contract/engine.ts";

/** `typescriptEngine` as a kind: whatever has terms. */
export const ts: EngineKind = {
  name: "ts",
  about: "plain TypeScript: every dynamics, the reference",
  whyNot: () => null,
  open: typescriptEngine,
};

/** The readable reference: one system after another, no library. Fastest for clouds of a few numbers. */
export function typescriptEngine({ dynamics, params, n, d }: EngineTask): Engine {
  const kernels = dynamics.terms(params).map((term) => term.kernel(n, d));
  const [theta, lengths] = [new Float64Array(n * d), new Float64Array(n)];
  const size = n * d;
  return {
    name: "ts",
    velocity: (x, beta, logScale, batch, out) => {
      out.fill(0, 0, batch * size);
      for (let b = 0; b < batch; b++) {
        const field = out.subarray(b * size, (b + 1) * size);
        directions(x, b * size, n, d, theta, lengths);
        for (const kernel of kernels) kernel(theta, beta[b], logScale[b], field, lengths);
        if (dynamics.geometry === "sphere") project(theta, n, d, field);
      }
      return undefined;
    },
    release: async () => {},
  };
}

/** θ_i = x_i/‖x_i‖ and ‖x_i‖ for the system whose rows start at `at`. */
function directions(
  x: Float64Array,
  at: number,
  n: number,
  d: number,
  theta: Float64Array,
  lengths: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[at + i * d + k] ** 2;
    lengths[i] = Math.sqrt(sum);
    for (let k = 0; k < d; k++) theta[i * d + k] = x[at + i * d + k] / lengths[i];
  }
}

/** P^⊥ y = y − ⟨θ, y⟩θ, row by row, in place. */
function project(theta: Float64Array, n: number, d: number, field: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let radial = 0;
    for (let k = 0; k < d; k++) radial += theta[i * d + k] * field[i * d + k];
    for (let k = 0; k < d; k++) field[i * d + k] -= radial * theta[i * d + k];
  }
}
