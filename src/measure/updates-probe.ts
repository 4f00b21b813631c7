import { sizedProducts } from "../../probes/updates/layer-step.ts";
import { fieldsWith } from "../updates/fields.ts";
import { measureUpdates } from "../updates/measure-updates.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import { UPDATE_MEANS } from "../updates/updates-over-texts.ts";
import type { Probe } from "./probe.ts";

/** The law of the updates. */
export const updatesProbe: Probe<UpdateRow> = {
  asked: ({ updates }) => updates !== undefined,
  async measure({ engine, states, row, text, options: { policy, updates, ...extras } }) {
    if (updates === undefined) return { rows: [] };
    const asked = { ...updates, fields: fieldsWith(updates.fields, extras) };
    return { rows: await measureUpdates(states, row, asked, { policy, across: sizedProducts(engine.across), text }) };
  },
  means: UPDATE_MEANS,
};
