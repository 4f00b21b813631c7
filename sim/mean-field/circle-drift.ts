import { kernelHarmonics } from "../engines/harmonic/circle-harmonics.ts";
import { makeFft } from "./fft.ts";

/** Writes d/dt of the moments `[re_1 … re_K, im_1 … im_K]` that attention alone makes. */
export type CircleDrift = (y: Float64Array, out: Float64Array) => void;

/** Density, pull Z'/β and Z on a grid, two to a complex transform. */
interface Fields {
  readonly density: Float64Array;
  readonly pull: Float64Array;
  readonly z: Float64Array;
  readonly nothing: Float64Array;
}

/**
 * Of V = `sign` I: ik ∫ e^{ikθ} v dμ for k = 1 … K by fast transforms, O(K log K), v = Z'/(βZ) or Z'/β with Z = Σ I_k(β) e^{ik·}∗μ. Products
 * are taken on more than 3K angles, so that USA's, which are quadratic, are exact; SA's quotient is smooth.
 */
export function circleDrift(dynamics: "sa" | "usa", beta: number, modes: number, sign = 1): CircleDrift {
  const grid = 2 ** Math.ceil(Math.log2(3 * modes + 1));
  const fft = makeFft(grid);
  const [kernel, slopes] = [halfKernel(beta, modes), pullWeights(beta, modes)];
  const fields: Fields = {
    density: new Float64Array(grid),
    pull: new Float64Array(grid),
    z: new Float64Array(grid),
    nothing: new Float64Array(grid),
  };
  const scale = (sign * (dynamics === "usa" ? Math.exp(Math.abs(beta)) : 1)) / grid;
  return (y, out) => {
    fillFields(fields, y, kernel, slopes);
    fft(fields.density, fields.pull, 1);
    if (dynamics === "sa") fft(fields.z, fields.nothing, 1);
    for (let g = 0; g < grid; g++) {
      // density ← flux, now that both are known.
      fields.density[g] *= (scale * fields.pull[g]) / (dynamics === "sa" ? fields.z[g] : 1);
      fields.pull[g] = 0;
    }
    fft(fields.density, fields.pull, 1);
    for (let k = 1; k <= modes; k++) {
      out[k - 1] = -k * fields.pull[k];
      out[modes + k - 1] = k * fields.density[k];
    }
  };
}

/** e^{−β}I_k(β) for k = 0 … K. */
function halfKernel(beta: number, modes: number): Float64Array {
  const harmonics = kernelHarmonics(beta);
  return Float64Array.from({ length: modes + 1 }, (_, k) => (k === 0 ? harmonics[0] : (harmonics[k] ?? 0) / 2));
}

/** k e^{−β}I_k(β)/β, which tends to 1/2 for k = 1 and 0 else as β → 0. */
function pullWeights(beta: number, modes: number): Float64Array {
  const kernel = halfKernel(beta, modes);
  return kernel.map((value, k) => (beta !== 0 ? (k * value) / beta : k === 1 ? 0.5 : 0));
}

/**
 * Coefficients of density + i·pull, and of Z. With c_k = re_k − i·im_k the density (times 2π) is Σ_k c_k e^{ikθ}, Z has the
 * coefficients I_k c_k and Z'/β has i w_k c_k, w_k = kI_k/β; that of −k is the conjugate.
 */
function fillFields({ density, pull, z, nothing }: Fields, y: Float64Array, kernel: Float64Array, w: Float64Array) {
  for (const field of [density, pull, z, nothing]) field.fill(0);
  const [grid, modes] = [density.length, kernel.length - 1];
  density[0] = 1;
  z[0] = kernel[0];
  for (let k = 1; k <= modes; k++) {
    const [c, s] = [y[k - 1], -y[modes + k - 1]];
    // i·(i w c_k) = −w c_k, and −w·conj with the other sign at −k.
    density[k] = c - w[k] * c;
    pull[k] = s - w[k] * s;
    density[grid - k] = c + w[k] * c;
    pull[grid - k] = -s - w[k] * s;
    z[k] = z[grid - k] = kernel[k] * c;
    nothing[k] = kernel[k] * s;
    nothing[grid - k] = -kernel[k] * s;
  }
}
