import { DYNAMICS, findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { ENGINES } from "../../sim/engines/engine-table.ts";
import type { SweepTask } from "../../sim/sweep/sweep-task.ts";
import { loadPlugins } from "../plugins/load-plugins.ts";
import type { SentTask } from "./sweep-messages.ts";

/**
 * A task as another process can take it; `null` where it has functions that no name and no plugin file stand for.
 *
 * @param plugins - Plugin files, absolute.
 */
export function sentTask(task: SweepTask, plugins: readonly string[]): SentTask | null {
  const engine = nameIn(ENGINES, task.engine);
  if (engine === null) return null;
  const dynamics = nameIn(DYNAMICS, task.dynamics);
  if (dynamics !== null) return cloned({ task: { ...task, dynamics, engine }, plugins: [] });
  if (plugins.length === 0 || findDynamics(task.dynamics).origin === undefined) return null;
  return cloned({ task: { ...task, dynamics: findDynamics(task.dynamics).name, engine }, plugins });
}

/** What it was before it was sent. */
export async function receivedTask({ task, plugins }: SentTask): Promise<SweepTask> {
  if (plugins.length === 0) return task;
  const { dynamics } = await loadPlugins(plugins, "/");
  return { ...task, dynamics: dynamics.find(({ name }) => name === task.dynamics) ?? task.dynamics };
}

/** A name itself, or that of a member of a table; `null` for any other value. */
function nameIn<T extends object>(table: Readonly<Record<string, T>>, choice: string | T): string | null {
  if (typeof choice === "string") return choice;
  return Object.entries(table).find(([, member]) => member === choice)?.[0] ?? null;
}

/** A copy, or `null` where there can be none: functions are not data. */
function cloned(sent: SentTask): SentTask | null {
  try {
    return structuredClone(sent);
  } catch {
    return null;
  }
}
