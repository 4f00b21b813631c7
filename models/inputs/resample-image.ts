/** An image of 8 bits a channel, row by row, channels together: `[height, width, channels]`. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** How pixels are weighed, by the numbers that preprocessor_config.json has from Pillow. */
export const RESAMPLING = { nearest: 0, lanczos: 1, bilinear: 2, bicubic: 3, box: 4, hamming: 5 } as const;

export type Resampling = (typeof RESAMPLING)[keyof typeof RESAMPLING];

interface Filter {
  /** Half its width, in pixels of the coarser image. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const FILTERS: Readonly<Record<Exclude<Resampling, 0>, Filter>> = {
  1: { support: 3, weight: (x) => (x > -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
  2: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  3: { support: 2, weight: cubic },
  4: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  5: { support: 1, weight: (x) => (Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x)) : 0) },
};

/** Weights are whole multiples of 2^−22, as in Pillow, so that results are equal to the last bit. */
const PRECISION = 22;

/**
 * An image at another size, as Pillow's `Image.resize` makes it: one pass along rows and one along columns, the filter
 * widened by the factor of reduction, each pass rounded to 8 bits. Models were trained on images made so; a resize
 * without that widening differs from it by whole steps of contrast.
 */
export function resampleImage(image: PixelImage, width: number, height: number, how: Resampling): PixelImage {
  if (how === RESAMPLING.nearest) return nearest(image, width, height);
  const filter = FILTERS[how];
  const wide = width === image.width ? image : alongRows(image, width, filter);
  return height === image.height ? wide : transposed(alongRows(transposed(wide), height, filter));
}

/** What one pixel of the result is made of: pixels from `first` on, by their weights. */
interface Mixture {
  readonly first: number;
  readonly weights: Int32Array;
}

function mixtures(from: number, to: number, { support, weight }: Filter): Mixture[] {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(from, Math.trunc(center + reach + 0.5));
    const raw = Array.from({ length: end - first }, (_, k) => weight((k + first - center + 0.5) / stretch));
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: Int32Array.from(raw, (w) => nearestWhole((sum === 0 ? w : w / sum) * 2 ** PRECISION)) };
  });
}

function alongRows({ width, height, channels, data }: PixelImage, to: number, filter: Filter): PixelImage {
  const mixed = mixtures(width, to, filter);
  const out = new Uint8Array(to * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < to; x++) {
      const { first, weights } = mixed[x];
      for (let c = 0; c < channels; c++) {
        let sum = 2 ** (PRECISION - 1);
        for (let k = 0; k < weights.length; k++) sum += data[(y * width + first + k) * channels + c] * weights[k];
        out[(y * to + x) * channels + c] = Math.min(255, Math.max(0, Math.floor(sum / 2 ** PRECISION)));
      }
    }
  }
  return { width: to, height, channels, data: out };
}

function transposed({ width, height, channels, data }: PixelImage): PixelImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) out[(x * height + y) * channels + c] = data[(y * width + x) * channels + c];
    }
  }
  return { width: height, height: width, channels, data: out };
}

function nearest({ width, height, channels, data }: PixelImage, toWidth: number, toHeight: number): PixelImage {
  const out = new Uint8Array(toWidth * toHeight * channels);
  for (let y = 0; y < toHeight; y++) {
    const row = Math.floor((y + 0.5) * (height / toHeight)) * width;
    for (let x = 0; x < toWidth; x++) {
      const from = (row + Math.floor((x + 0.5) * (width / toWidth))) * channels;
      for (let c = 0; c < channels; c++) out[(y * toWidth + x) * channels + c] = data[from + c];
    }
  }
  return { width: toWidth, height: toHeight, channels, data: out };
}

/** Halves go away from 0. */
function nearestWhole(x: number): number {
  return Math.trunc(x < 0 ? x - 0.5 : x + 0.5);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Keys' cubic with a = −1/2. */
function cubic(at: number): number {
  const x = Math.abs(at);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}
