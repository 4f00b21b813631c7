import { resolve } from "node:path";
import { readConfigObject } from "../../models/files/model-config.ts";
import { imagePositions, type VisionConfig } from "../../models/inputs/image-positions.ts";
import type { Model } from "../../models/open-model.ts";
import type { Effects } from "../effects/effects.ts";
import { shownPath } from "../effects/shown-path.ts";
import type { ModelBatch } from "./state-source.ts";

/**
 * The states of image files, one after the other. The learned tokens before the patches count as special where the
 * architecture tells them.
 *
 * @throws TokensphereError `input` for a model that takes no images, or a file that is none.
 */
export async function* imageBatches(
  effects: Effects,
  model: Model,
  images: readonly string[],
): AsyncGenerator<ModelBatch> {
  const reader = await model.images();
  const config = await visionConfig(model.files.config);
  for (const [i, name] of images.entries()) {
    effects.progress.update(i / images.length, `image ${i + 1} of ${images.length}`);
    const path = resolve(effects.cwd, name);
    const inputs = await reader.read(path).catch((error) => Promise.reject(shownPath(error, path, name)));
    const states = await model.states(inputs);
    const [height, width] = inputs.pixel_values.shape.slice(-2);
    yield { name, text: null, states: { ...states, ...imagePositions(states, [height, width], config) } };
  }
}

async function visionConfig(path: string | null): Promise<VisionConfig> {
  return path === null ? {} : readConfigObject(path);
}
