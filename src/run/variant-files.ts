/**
 * The name of a run's file for one of several readings of the weights: the first has the usual name, so that whoever
 * knows nothing of readings finds one; `metrics.csv` of another is `metrics-own-heads.csv`.
 */
export function variantFile(file: string, place: number, name: string): string {
  return place === 0 ? file : file.replace(/(?=\.\w+$)/, `-${name}`);
}

/** The usual name of a reading's file, or the name itself. */
export function usualFile(file: string): string {
  return file.replace(/^(metrics|histograms|states)-[a-z-]+(?=\.(csv|json|safetensors)$)/, "$1");
}
