import {
  inspectModel as inspectNamed,
  type Model,
  type ModelDescription,
  type OpenOptions,
  openModel as openNamed,
} from "../../models/index.ts";
import { bundledModel } from "../sources/bundled.ts";
import { checkOptions } from "./check-options.ts";

export * from "../../models/index.ts";

/**
 * Opens a model as the command line does: the bundled one where none is named, the hub as HF_HOME, HF_TOKEN, HF_ENDPOINT and
 * HF_HUB_OFFLINE say unless `options.env` says otherwise. See `Model`.
 *
 * @throws TokensphereError `input` for a file that cannot be used, `environment` for the hub's failures, `usage` for what is no
 *   model's name, and for options of another kind.
 */
export async function openModel(reference: string = bundledModel(), options: OpenOptions = {}): Promise<Model> {
  checkOptions(options);
  return openNamed(reference, { ...options, env: options.env ?? process.env });
}

/** What `inspect` shows, of the bundled model where none is named; the model is not run. */
export async function inspectModel(
  reference: string = bundledModel(),
  options: OpenOptions = {},
): Promise<ModelDescription> {
  checkOptions(options);
  return inspectNamed(reference, { ...options, env: options.env ?? process.env });
}
