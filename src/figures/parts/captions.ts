/** What a report says of a figure. */
export interface Caption {
  readonly title: string;
  /** How to read what was measured. */
  readonly measured: string;
  /** How to read the predictions; said only where there are some. */
  readonly predicted: string;
}

/** By the name of the figure. */
export const CAPTIONS = {
  layerHistograms: {
    title: "Distribution of inner products",
    measured:
      "Each panel is the distribution of the inner products of token pairs at one layer, filled; dashed are isotropic points in the same dimension. Mass that moves to the right is tokens drawing together; a spike at 1 is a cluster. All panels share both scales. The square-root scale of density keeps a narrow spike from flattening the rest: heights, not areas, are to be compared.",
    predicted:
      "The outlines are what self-attention (SA) and unnormalised self-attention (USA) predict from the same start at their fitted times, with the distance W₁ above each panel. Where the two coincide, the wider line of USA shows behind that of SA.",
  },
  meanCosineByLayer: {
    title: "Mean cosine",
    measured:
      "The mean inner product of token pairs against depth. The band is the 95 % jackknife interval over tokens where one text was measured, else the range over texts. Isotropic is what points without any common direction give. A high mean cosine can be one shared direction and is not by itself clustering.",
    predicted: "Frozen is the first layer carried on.",
  },
  massNearOneByLayer: {
    title: "Pairs that nearly coincide",
    measured: "The share of token pairs whose cosine exceeds .9, .99 and .999. Isotropic points have next to none.",
    predicted: "Solid as observed, dashed as predicted; frozen keeps the share of the first layer.",
  },
  effectiveRankByLayer: {
    title: "Dimensions that the tokens fill",
    measured:
      "Effective rank (Roy and Vetterli) is the exponential of the entropy of the normalised singular values, participation ratio is (Σλ)²/Σλ² of the eigenvalues λ; both are bounded by min(n, d), so compare them at equal n only. Dashed: as many isotropic points.",
    predicted: "",
  },
  w1ByLayer: {
    title: "Distance between prediction and observation",
    measured: "",
    predicted:
      "The Wasserstein distance W₁ between the predicted and the observed distribution of inner products: the average amount by which an inner product must be moved. Zero at the first layer by construction. A family explains something only where it lies below frozen.",
  },
  betaProfile: {
    title: "How well β is determined",
    measured: "",
    predicted:
      "The mean W₁ over layers at each inverse temperature β, with the times fitted anew. β and time trade off: where the curve is flat, β is not determined, whatever its minimum. The point is the fitted β, the bar and the shade its 95 % bootstrap interval.",
  },
  timeByLayer: {
    title: "Time against depth",
    measured: "",
    predicted:
      "The simulated time at which each layer's distribution is met best, one panel a family since the units of time differ (USA runs faster by up to exp β). A level stretch is a layer that does not draw tokens together; the thin line is the best fit with equal steps.",
  },
} as const satisfies Readonly<Record<string, Caption>>;
