import type { Term } from "./term.ts";

/** A term at −β. */
export function opposed({ kernel, graph, weights }: Term): Term {
  return {
    kernel: (n, d) => {
      const run = kernel(n, d);
      return (theta, beta, logScale, out, lengths) => run(theta, -beta, logScale, out, lengths);
    },
    ...(graph
      ? { graph: (builder, inputs) => graph(builder, { ...inputs, beta: builder.op("Neg", [inputs.beta]) }) }
      : {}),
    ...(weights
      ? {
          weights: (n, d) => {
            const weigh = weights(n, d);
            return (theta, beta, out) => weigh(theta, -beta, out);
          },
        }
      : {}),
  };
}
