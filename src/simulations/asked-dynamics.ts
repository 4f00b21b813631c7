import type { HashedFile } from "../../models/arrays/hash-file.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import type { Effects } from "../effects/effects.ts";
import type { ParameterOptions, PluginOptions } from "../options/plugins.ts";
import { loadPlugins, pluginRecord } from "../plugins/load-plugins.ts";
import { readParams } from "../sources/read-params.ts";
import { resolveDynamics } from "./resolve-dynamics.ts";
import { withMatrices } from "./short-matrices.ts";

/** What a simulation follows. */
export interface AskedDynamics {
  /** Of ours or of a plugin. */
  readonly dynamics: Dynamics;
  /** Those of a file, then those of flags, which win. */
  readonly params: DynamicsParams;
  /** Plugin files, as whole paths. */
  readonly files: readonly string[];
  /** What a document says of them as they were when they were loaded; nothing where there are none. */
  readonly record: { readonly plugins?: readonly HashedFile[] };
}

/** The dynamics that the flags name, with its parameters. Throws what loading plugins and reading parameters throw. */
export async function askedDynamics(
  effects: Effects,
  options: PluginOptions &
    ParameterOptions & {
      readonly dynamics: string;
      readonly params?: string | undefined;
      readonly d?: number | undefined;
      readonly angles?: readonly number[] | undefined;
    },
): Promise<AskedDynamics> {
  const plugins = await loadPlugins(options.plugin ?? [], effects.cwd);
  const dynamics = resolveDynamics(options.dynamics, plugins.dynamics);
  const record = pluginRecord(plugins);
  const file = options.params === undefined ? {} : await readParams(effects, options.params);
  const flags = withMatrices(dynamics, options.parameter ?? {}, options.angles === undefined ? options.d : 2);
  return { dynamics, params: { ...file, ...flags }, files: plugins.files, record };
}
