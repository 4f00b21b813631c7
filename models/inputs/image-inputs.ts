import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ImageProcessor, RawImage } from "@huggingface/transformers";
import type { Metadata } from "sharp";
import { refusePointer } from "../arrays/lfs-pointer.ts";
import type { RawInputs } from "../arrays/raw-tensor.ts";
import { option, TokensphereError } from "../errors.ts";
import type { ModelFiles } from "../files/model-files.ts";
import type { OnnxGraph } from "../onnx/graph.ts";
import { RESAMPLING, type Resampling, resampleImage } from "./resample-image.ts";

/** Reads image files as a vision model wants them, by its own preprocessor_config.json. */
export interface ImageReader {
  /**
   * Model inputs of one image, a batch of 1: resized, cropped, scaled and normalized.
   *
   * @throws TokensphereError `input` for a file that is no image.
   */
  read(path: string): Promise<RawInputs>;
}

/** What images are given to. */
const SOURCE = "pixel_values";
const CONFIG = "preprocessor_config.json";

/**
 * Opens the image processor of a model's folder with @huggingface/transformers, no network. Its resize is replaced by
 * Pillow's, which Hugging Face's own processors use: see `resampleImage`.
 *
 * @param reference names the model in messages.
 * @throws TokensphereError `input` for a model that takes no images, or comes without the file.
 */
export async function openImageReader(
  files: ModelFiles,
  graph: OnnxGraph,
  source: string,
  reference: string,
): Promise<ImageReader> {
  requireVisionModel(graph, source);
  const folder = await processorFolder(files, reference);
  const {
    AutoImageProcessor,
    ImageProcessor: Plain,
    RawImage: Image,
    env,
    LogLevel,
  } = await import("./transformers.ts");
  env.logLevel = LogLevel.ERROR;
  env.useFSCache = false;
  const processor = await AutoImageProcessor.from_pretrained(folder, { local_files_only: true }).catch((cause) => {
    throw new TokensphereError("input", `${CONFIG} cannot be used: ${folder}. fetch it again`, { cause });
  });
  requireModestSizes(processor, folder);
  // Some processors have a resize of their own.
  if (processor.resize === Plain.prototype.resize) processor.resize = async (image) => resized(image, processor, Image);
  return {
    async read(path) {
      const image = await decode(path, Image);
      const { dims, data } = await pixelsOf(processor, image, path);
      return { [source]: { dtype: "float32", shape: dims, data } };
    },
  };
}

/** Pixels a side that a model may be given: twice the largest that is known. */
const MOST_SIDE = 4096;
/** Pixels of an image: as much as the largest cameras take. */
const MOST_PIXELS = 1e8;

/** Before memory of that size is taken. */
function requireModestSizes(processor: ImageProcessor, folder: string): void {
  const sizes = { size: processor.size, crop_size: processor.crop_size, pad_size: processor.pad_size };
  for (const [name, size] of Object.entries(sizes)) {
    const sides: readonly unknown[] = typeof size === "object" && size !== null ? Object.values(size) : [size];
    const large = sides.find((side) => typeof side === "number" && !(side <= MOST_SIDE));
    if (large === undefined) continue;
    const remedy = `give at most ${MOST_SIDE}`;
    throw new TokensphereError("input", `${CONFIG}: ${name} of ${large} pixels a side in ${folder}. ${remedy}`);
  }
}

function requireModestImage(width: number, height: number, what: string): void {
  if (width * height <= MOST_PIXELS) return;
  const remedy = "scale or crop it: 100 million pixels are the most";
  throw new TokensphereError("input", `image too large: ${what}${width} × ${height} pixels. ${remedy}`);
}

function requireVisionModel(graph: OnnxGraph, source: string): void {
  if (source === SOURCE) return;
  const text = graph.inputs.find(({ name }) => name === source)?.dtype.startsWith("int");
  const remedy = text ? `give texts with ${option("text")}` : `give raw inputs with ${option("inputs")}`;
  throw new TokensphereError("input", `the model takes no images: it starts from ${source}. ${remedy}`);
}

/** The folder of preprocessor_config.json: beside the model, or above its `onnx/`. */
async function processorFolder({ config, onnx }: ModelFiles, reference: string): Promise<string> {
  const beside =
    onnx === null ? [] : [dirname(onnx), ...(basename(dirname(onnx)) === "onnx" ? [dirname(dirname(onnx))] : [])];
  const homes = [...(config === null ? [] : [dirname(config)]), ...beside];
  for (const home of homes) if (await readFile(join(home, CONFIG)).catch(() => null)) return home;
  throw new TokensphereError(
    "input",
    `model without ${CONFIG}: ${reference}. put it beside the model, or give pixel_values with ${option("inputs")}`,
  );
}

async function decode(path: string, Image: typeof RawImage): Promise<RawImage> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "no such file" : cause.code === "EISDIR" ? "a folder" : cause.message;
    throw new TokensphereError("input", `image cannot be read: ${path}: ${why}. check the path`, { cause });
  });
  refusePointer(bytes, path);
  // The head of the file says what it unpacks to.
  const { default: sharp } = await import("sharp");
  const { width = 0, height = 0 } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => ({}) as Metadata);
  requireModestImage(width, height, `${path}: `);
  try {
    return (await Image.fromBlob(new Blob([bytes]))).rgb();
  } catch (cause) {
    const remedy = "give a PNG, JPEG or WebP file";
    throw new TokensphereError("input", `image cannot be read: ${path}: no image. ${remedy}`, { cause });
  }
}

/** A processor takes its settings as they come: what they make of an image tells whether they are any. */
async function pixelsOf(processor: ImageProcessor, image: RawImage, path: string) {
  try {
    const { pixel_values: pixels } = await processor(image);
    const data = pixels.data;
    if (data instanceof Float32Array && pixels.dims.length === 4) return { dims: pixels.dims, data };
    throw new TypeError(`pixel_values ${pixels.type} [${pixels.dims}]`);
  } catch (cause) {
    if (cause instanceof TokensphereError) throw cause;
    const why = (cause as Error).message.split("\n")[0].slice(0, 160);
    throw new TokensphereError("input", `${CONFIG} cannot be used on ${path}: ${why}. fetch it again`, { cause });
  }
}

function resized(image: RawImage, processor: ImageProcessor, Image: typeof RawImage): RawImage {
  const [width, height] = processor.get_resize_output_image_size(image, processor.size);
  if (!(width >= 1 && height >= 1)) {
    const what = `${CONFIG}: an image of ${width} × ${height} pixels`;
    throw new TokensphereError("input", `${what}. fetch the file again`);
  }
  requireModestImage(width, height, `${image.width} × ${image.height} pixels become `);
  const { data, channels } = resampleImage(image, width, height, resamplingOf(processor.resample));
  return new Image(data, width, height, channels as 3);
}

/** A number of Pillow's, or its name. */
function resamplingOf(resample: unknown): Resampling {
  const named = RESAMPLING[String(resample).toLowerCase() as keyof typeof RESAMPLING] ?? resample;
  if (Object.values(RESAMPLING).includes(named as Resampling)) return named as Resampling;
  throw new TokensphereError(
    "input",
    `${CONFIG}: resample ${String(resample)} is not known. use 0 to 5, as Pillow counts`,
  );
}
