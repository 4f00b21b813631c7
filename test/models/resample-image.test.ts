import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PixelImage, RESAMPLING, type Resampling, resampleImage } from "../../models/inputs/resample-image.ts";

interface Case {
  readonly width: number;
  readonly height: number;
  readonly resample: Resampling;
  readonly data: readonly number[];
}

const { cases, data, ...size } = JSON.parse(
  readFileSync(new URL("../fixtures/images/resampled.json", import.meta.url), "utf8"),
) as Omit<PixelImage, "data"> & { readonly cases: readonly Case[]; readonly data: readonly number[] };
const image: PixelImage = { ...size, data: Uint8Array.from(data) };

const images = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((pixels): PixelImage => ({ width, height, channels: 1, data: pixels })),
  );
const filters = fc.constantFrom(...Object.values(RESAMPLING));
const sides = fc.integer({ min: 1, max: 15 });

describe("an image at another size", () => {
  it.each(cases)("is Pillow's to the last bit: $width × $height, filter $resample", (one) => {
    const resized = resampleImage(image, one.width, one.height, one.resample);
    expect([...resized.data]).toEqual(one.data);
  });

  it("is the image itself at its own size", () => {
    fc.assert(
      fc.property(images, filters, (one, how) => {
        expect([...resampleImage(one, one.width, one.height, how).data]).toEqual([...one.data]);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("of one grey stays that grey, whatever the filter", () => {
    fc.assert(
      fc.property(images, sides, sides, filters, fc.nat(255), (one, width, height, how, grey) => {
        const flat = { ...one, data: new Uint8Array(one.data.length).fill(grey) };
        const { data: out } = resampleImage(flat, width, height, how);
        expect(out).toHaveLength(width * height);
        // Weights are rounded to 2^-22 and there are fewer than 2^7 of them: their sum errs by less than 2^-15 of a step.
        expect(out.every((value) => value === grey)).toBe(true);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("turns with the image: mirroring before or after is the same", () => {
    const mirrored = ({ data: pixels, ...rest }: PixelImage): PixelImage => ({
      ...rest,
      data: pixels.slice().reverse(),
    });
    fc.assert(
      fc.property(images, sides, sides, fc.constantFrom(2, 3, 1, 5), (one, width, height, how) => {
        const before = resampleImage(mirrored(one), width, height, how as Resampling).data;
        const after = mirrored(resampleImage(one, width, height, how as Resampling)).data;
        // Two weights may round apart where they tie; that moves a sum by less than one step.
        expect(Math.max(...before.map((value, i) => Math.abs(value - after[i])))).toBeLessThanOrEqual(1);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
