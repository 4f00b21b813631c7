/** In-place discrete Fourier transform of complex numbers, by sign of the exponent; not divided by the size. */
export type Fft = (re: Float64Array, im: Float64Array, sign: 1 | -1) => void;

/**
 * Radix-2 transforms of one size: out_k = Σ_g (re + i·im)_g e^{±2πikg/size} (Cooley & Tukey 1965).
 *
 * @param size - A power of two.
 */
export function makeFft(size: number): Fft {
  const cosines = Float64Array.from({ length: size / 2 }, (_, g) => Math.cos((2 * Math.PI * g) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, g) => Math.sin((2 * Math.PI * g) / size));
  const reversed = reversedBits(size);
  return (re, im, sign) => {
    swap(re, reversed);
    swap(im, reversed);
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let from = 0; from < size; from += 2 * half) {
        for (let j = 0; j < half; j++) {
          const [c, s] = [cosines[j * stride], sign * sines[j * stride]];
          const [a, b] = [from + j, from + j + half];
          const [r, i] = [re[b] * c - im[b] * s, re[b] * s + im[b] * c];
          re[b] = re[a] - r;
          im[b] = im[a] - i;
          re[a] += r;
          im[a] += i;
        }
      }
    }
  };
}

function reversedBits(size: number): Uint32Array {
  const reversed = new Uint32Array(size);
  for (let g = 1; g < size; g++) reversed[g] = (reversed[g >> 1] >> 1) | (g & 1 ? size >> 1 : 0);
  return reversed;
}

function swap(values: Float64Array, reversed: Uint32Array): void {
  for (let g = 0; g < values.length; g++) {
    const other = reversed[g];
    if (g < other) [values[g], values[other]] = [values[other], values[g]];
  }
}
