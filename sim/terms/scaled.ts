import type { Term } from "./term.ts";

/** A term times a number, or times β. */
export function scaled(term: Term, factor: number | "beta"): Term {
  const { kernel, graph, ...others } = term;
  const scaledKernel: Term["kernel"] = (n, d) => {
    const own = kernel(n, d);
    const field = new Float64Array(n * d);
    return (theta, beta, logScale, out, lengths) => {
      const scale = factor === "beta" ? beta : factor;
      own(theta, beta, logScale, field.fill(0), lengths);
      for (let e = 0; e < field.length; e++) out[e] += scale * field[e];
    };
  };
  if (!graph) return { ...others, kernel: scaledKernel };
  return {
    ...others,
    kernel: scaledKernel,
    graph: (builder, inputs) => {
      const scale = factor === "beta" ? inputs.beta : builder.real([1], [factor]);
      return builder.op("Mul", [graph(builder, inputs), scale]);
    },
  };
}
