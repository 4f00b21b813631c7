/** What a report says of each figure: its subject, and how to read it. */
export const CAPTIONS = {
  layerHistograms: {
    title: "Distribution of inner products",
    caption:
      "Each panel is the distribution of the inner products of token pairs at one layer: filled as the network has it, outlined as self-attention (SA) and unnormalised self-attention (USA) predict it from the same start at their fitted times, dashed for isotropic points in the same dimension. Mass that moves to the right is tokens drawing together; a spike at 1 is a cluster. All panels share both scales. The square-root scale of density keeps a narrow spike from flattening the rest: heights, not areas, are to be compared.",
  },
  meanCosineByLayer: {
    title: "Mean cosine",
    caption:
      "The mean inner product of token pairs against depth. The band is the 95 % jackknife interval over tokens where one text was measured, else the range over texts. Frozen is the first layer carried on; isotropic is what points without any common direction give. A high mean cosine can be one shared direction and is not by itself clustering.",
  },
  massNearOneByLayer: {
    title: "Pairs that nearly coincide",
    caption:
      "The share of token pairs whose cosine exceeds .9, .99 and .999: solid as observed, dashed as predicted. Isotropic points have next to none.",
  },
  effectiveRankByLayer: {
    title: "Dimensions that the tokens fill",
    caption:
      "Effective rank (Roy and Vetterli) is the exponential of the entropy of the normalised singular values, participation ratio is (Σλ)²/Σλ² of the eigenvalues λ; both are bounded by min(n, d), so compare them at equal n only. Dashed: as many isotropic points.",
  },
  w1ByLayer: {
    title: "Distance between prediction and observation",
    caption:
      "The Wasserstein distance W₁ between the predicted and the observed distribution of inner products: the average amount by which an inner product must be moved. Zero at the first layer by construction. A family explains something only where it lies below frozen.",
  },
  betaProfile: {
    title: "How well β is determined",
    caption:
      "The mean W₁ over layers at each inverse temperature β, with the times fitted anew. β and time trade off: where the curve is flat, β is not determined, whatever its minimum. The point is the fitted β, the bar and the shade its 95 % bootstrap interval.",
  },
  timeByLayer: {
    title: "Time against depth",
    caption:
      "The simulated time at which each layer's distribution is met best, one panel a family since the units of time differ (USA runs faster by up to exp β). A level stretch is a layer that does not draw tokens together; the thin line is the best fit with equal steps.",
  },
} as const;
