import { TokensphereError } from "../../../models/errors.ts";
import { renormalize } from "../../clouds/renormalize.ts";
import type { Dynamics } from "../../dynamics/dynamics.ts";
import type { Engine, EngineKind, EngineTask } from "../contract/engine.ts";
import { fieldFactor } from "../contract/field-factor.ts";
import { circle } from "./circle.ts";
import type { HarmonicSums } from "./harmonic-space.ts";
import { sphere } from "./sphere.ts";

/** Numbers in the tables that are kept, 100 MB: tables and places of tokens for every β. */
const MOST_NUMBERS = 12e6;

/** `harmonicEngine` as a kind: what has `harmonics`, at d = 2 or 3. */
export const harmonic: EngineKind = {
  name: "harmonic",
  about: "sums over harmonics: Q = K = V = I at d = 2 or 3, many tokens",
  whyNot: ({ dynamics, params, d }) =>
    dynamics.harmonics?.(params) && (d === 2 || d === 3) ? null : remedy(dynamics, d),
  open: harmonicEngine,
};

const remedy = ({ name }: Dynamics, d: number): string =>
  `${name} with d = ${d}. use it with sa, usa and the like at d = 2 or 3`;

/**
 * Attention by sums over harmonics, O(n) for O(n²): with Z(x) = Σ_j m_j e^{β⟨x,x_j⟩} the field is ∇Z/(βZ) for SA and ∇Z/β for
 * USA, and e^{β⟨x,y⟩} is a short sum of products f_k(x)f_k(y), see `circle` and `sphere`. Agrees with the sum over pairs to
 * 1e-10 of the largest speed.
 *
 * @throws TokensphereError `usage` where d is not 2 or 3 or the dynamics has no such sum; from velocities, where β is too large.
 */
export function harmonicEngine({ dynamics, params, n, d }: EngineTask): Engine {
  const form = dynamics.harmonics?.(params);
  if (!form || (d !== 2 && d !== 3)) throw new TokensphereError("usage", `engine harmonic: ${remedy(dynamics, d)}`);
  const space = d === 2 ? circle : sphere;
  const masses = form.masses ?? new Float64Array(n).fill(1 / n);
  const sumsAt = keeping((beta) => space.sumsAt(beta, masses));
  const unit = new Float64Array(n * d);
  const field = new Float64Array(n * space.stride);
  const softmax = form.weighting === "softmax";
  return {
    name: "harmonic",
    velocity: (x, beta, logScale, batch, out) => {
      for (let b = 0; b < batch; b++) {
        const [from, to] = [n * d * b, n * d * (b + 1)];
        renormalize(x.subarray(from, to), 0, n, d, unit);
        sumsAt(beta[b]).evaluate(unit, field);
        const factor = fieldFactor(form, beta[b], logScale[b]);
        const own = out.subarray(from, to);
        for (let i = 0; i < n; i++) {
          const speed = softmax ? factor / field[space.stride * i] : factor;
          space.tangent(unit, field, i, speed, beta[b], own);
        }
      }
      return undefined;
    },
    release: async () => {},
  };
}

/** Keeps what is made for a value of β as long as there is room. */
function keeping(make: (beta: number) => HarmonicSums): (beta: number) => HarmonicSums {
  const known = new Map<number, HarmonicSums>();
  let numbers = 0;
  return (beta) => {
    const before = known.get(beta);
    if (before) return before;
    const sums = make(beta);
    numbers += sums.numbers;
    if (numbers > MOST_NUMBERS) {
      known.clear();
      numbers = sums.numbers;
    }
    known.set(beta, sums);
    return sums;
  };
}
