export * from "./figures/run-figures.ts";
export * from "./fit/fit.ts";
export * from "./fit/fit-result.ts";
export * from "./histograms.ts";
export * from "./metrics.ts";
export * from "./render.ts";
export * from "./report/report.ts";
