import { TokensphereError } from "../../models/errors.ts";
import { growthRates } from "./growth-rates.ts";
import {
  boundedGrowth,
  headGrowth,
  type KernelGrowth,
  type PlainHead,
  rotatedGrowth,
  sinkhornGrowth,
} from "./kernel-growth.ts";

/** What the growth of a kernel may be asked with. */
export interface KernelQuestion {
  readonly d: number;
  readonly beta?: number | undefined;
  readonly kmax: number;
  readonly alpha?: number | undefined;
  readonly radius?: number | undefined;
  readonly heads?: readonly PlainHead[] | undefined;
}

/** Attention about whose uniform cloud linear theory is known, by name: what it is asked with, to rates. */
export const KERNELS = {
  heads: ({ d, heads, kmax }: KernelQuestion) => headGrowth(d, given("heads", heads), kmax),
  krause: ({ d, beta, radius, kmax }: KernelQuestion) =>
    boundedGrowth(d, given("beta", beta), given("radius", radius), kmax),
  plain: ({ d, beta, kmax }: KernelQuestion): KernelGrowth => {
    const { sa, usa, fastest } = growthRates(d, given("beta", beta), kmax);
    return { sa, usa, fastest, turning: null };
  },
  rotation: ({ d, beta, alpha, kmax }: KernelQuestion) => {
    if (d !== 2) throw new TokensphereError("usage", `d: ${d}. a rotation is known at d = 2`);
    return rotatedGrowth(given("beta", beta), given("alpha", alpha), kmax);
  },
  sinkhorn: ({ d, beta, kmax }: KernelQuestion) => sinkhornGrowth(d, given("beta", beta), kmax),
} as const satisfies Readonly<Record<string, (question: KernelQuestion) => KernelGrowth>>;

function given<T>(flag: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new TokensphereError("usage", `--${flag}: missing. this kernel wants it`);
}
