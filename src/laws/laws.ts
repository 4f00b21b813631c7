import type { Law } from "./law.ts";
import { evenly, geometric } from "./values.ts";

/** Angles of sight, in radians, from a seventh of a right angle to nearly all. */
const RADII = () => evenly(0.25, 2.75, 11);
/** Exponents of β(1 + t)^p. */
const GROWTHS = () => evenly(-1, 1, 5);

/**
 * Laws beside SA and USA that a fit may be asked for: attention of other kinds, other people's laws. A row needs no code of its
 * own: what moves is a dynamics of the simulator.
 */
export const LAWS: readonly Law[] = [
  {
    name: "sa_causal",
    label: "causal SA",
    dynamics: "sa_causal",
    words: { name: "self-attention to what comes before" },
  },
  {
    name: "usa_causal",
    label: "causal USA",
    dynamics: "usa_causal",
    words: {
      name: "unnormalized self-attention to what comes before",
      time: "causal USA runs faster by up to exp β",
    },
  },
  {
    name: "sa_repulsive",
    label: "SA, V = −I",
    dynamics: "sa_repulsive",
    words: { name: "self-attention away from what it sees" },
  },
  {
    name: "usa_repulsive",
    label: "USA, V = −I",
    dynamics: "usa_repulsive",
    words: {
      name: "unnormalized self-attention away from what it sees",
      time: "USA with V = −I runs faster by up to exp β",
    },
  },
  { name: "sa_preln", label: "Pre-LN SA", dynamics: "sa_preln", words: { name: "self-attention under Pre-LN" } },
  { name: "sa_periln", label: "Peri-LN SA", dynamics: "sa_periln", words: { name: "self-attention under Peri-LN" } },
  { name: "sa_ngpt", label: "nGPT SA", dynamics: "sa_ngpt", words: { name: "self-attention normalized as in nGPT" } },
  {
    name: "sa_sqrt",
    label: "SA, √(t + 1)",
    dynamics: "sa_sqrt",
    words: { name: "self-attention slowed by √(t + 1)", time: "with √(t + 1) SA is SA at the time 2√(t + 1) − 2" },
  },
  {
    name: "sa_noisy",
    label: "noisy SA",
    dynamics: "sa",
    noisy: true,
    // The tangent noise of a unit time is 2(d − 1)/κ in square length: from a right angle to a hundredth.
    free: { name: "kappa", values: (d) => geometric(Math.max(1, d - 1), 3e4 * Math.max(1, d - 1), 6), ratios: true },
    words: { name: "self-attention with Brownian motion" },
  },
  {
    name: "sa_equiangular",
    label: "equiangular SA",
    dynamics: "sa",
    start: "equiangular",
    words: { name: "self-attention of tokens that all have the mean inner product with each other" },
  },
  {
    name: "sa_krause",
    label: "Krause SA",
    dynamics: "sa_krause",
    free: { name: "radius", values: RADII },
    words: { name: "self-attention to those within an angle (Hegselmann & Krause)" },
  },
  {
    name: "usa_krause",
    label: "Krause USA",
    dynamics: "usa_krause",
    free: { name: "radius", values: RADII },
    words: { name: "unnormalized self-attention to those within an angle (Hegselmann & Krause)" },
  },
  {
    name: "sa_sinkhorn",
    label: "Sinkhorn SA",
    dynamics: "sa_sinkhorn",
    words: { name: "doubly stochastic self-attention (Sander et al.)" },
  },
  {
    name: "sa_ramp",
    label: "SA, β(1 + t)^p",
    dynamics: "sa_ramp",
    free: { name: "growth", values: GROWTHS },
    words: { name: "self-attention whose β changes with depth" },
  },
  {
    name: "sa_own",
    label: "SA (own QKV)",
    dynamics: "sa_multihead",
    beta: 1,
    ofModel: true,
    words: { name: "self-attention with the network's own queries, keys, values and output" },
  },
];

/** The law of a name. */
export function lawNamed(name: string): Law | undefined {
  return LAWS.find((law) => law.name === name);
}
