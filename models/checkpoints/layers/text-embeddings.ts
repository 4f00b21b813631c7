import type { Embed, LinearNames, ModelPlan } from "./architecture.ts";
import type { GraphDraft } from "./graph-draft.ts";
import { normalize } from "./normalize.ts";
import { fromRows, project, toRows } from "./project.ts";

/** How token ids become hidden state 0. */
export interface TextEmbeddingFacts {
  readonly words: string;
  readonly vocabulary: number;
  /** Id whose row stays zero where weights are drawn afresh. */
  readonly padding: number | null;
  /** Width of the tables; default the stream's. */
  readonly width?: number;
  /** A learned table of positions, null where there is none. */
  readonly positions: PositionFacts | null;
  /** A table of token types; `asked`: they are an input, else all are type 0. */
  readonly types?: { readonly table: string; readonly rows: number; readonly asked: boolean };
  /** The norm of the sum. */
  readonly norm?: string;
  /** A product that brings the tables' width to the stream's. */
  readonly project?: LinearNames | null;
  /** Whether `position_ids` is an input though there is no table: angles are made from it. */
  readonly positionInput?: boolean;
  /** Whether the product comes before the norm, which then has the stream's width. */
  readonly projectFirst?: boolean;
  /** Whether padded positions are set to 0. */
  readonly zeroPadding?: boolean;
  /** Of fresh word embeddings, where it is not the model's. */
  readonly sd?: number;
}

export interface PositionFacts {
  readonly table: string;
  readonly rows: number;
  /**
   * The row of each position: `counted` from 0; `given` by the input `position_ids`; `after padding`: counted over the
   * tokens that are no padding, beginning after the padding id (RoBERTa).
   */
  readonly scheme: "counted" | "given" | "after padding";
  /** The row of a given position 0; default 0. */
  readonly first?: number;
}

/** Draws word, position and type embeddings, their norm and projection. */
export function textEmbeddings(facts: TextEmbeddingFacts): Embed {
  return (draft, plan) => {
    const width = facts.width ?? plan.width;
    const sequence = ["batch_size", "sequence_length"];
    const ids = draft.input("input_ids", "int64", sequence);
    const mask = draft.input("attention_mask", "int64", sequence);
    const given = facts.positions?.scheme === "given" || facts.positionInput;
    const positions = given ? draft.input("position_ids", "int64", sequence) : null;
    const lengths = draft.op("Shape", [ids]);
    const words = table(draft, plan, facts.words, [facts.vocabulary, width], facts.padding, facts.sd);
    const parts = [
      draft.op("Gather", [words, ids]),
      ...typeRows(draft, plan, facts, width),
      ...positionRows(draft, plan, facts, width, ids, lengths),
    ];
    const steps: ((x: string, name?: string) => string)[] = [(_, name) => addAll(draft, parts, name)];
    const { norm, project: projection } = facts;
    const normStep = (size: number) => (x: string, name?: string) =>
      normalize(draft, plan.norm, x, norm ?? "", size, name);
    if (norm && !facts.projectFirst) steps.push(normStep(width));
    if (projection) {
      steps.push((x, name) => {
        const rows = project(draft, plan, toRows(draft, x, width), projection, width, plan.width);
        return fromRows(draft, rows, lengths, [plan.width], name);
      });
    }
    if (norm && facts.projectFirst) steps.push(normStep(plan.width));
    if (facts.zeroPadding) {
      const factor = draft.op("Cast", [draft.op("Unsqueeze", [mask, draft.ints([2])])], { to: { int: 1 } });
      steps.push((x, name) => draft.op("Mul", [x, factor], undefined, name));
    }
    const last = steps.length - 1;
    const x = steps.reduce((stream, step, i) => step(stream, i === last ? "hidden_states.0" : undefined), "");
    return { x, lengths, mask, positions };
  };
}

/** The sum; a lone part is handed on by Identity, so that it has the name. */
function addAll(draft: GraphDraft, parts: readonly string[], name: string | undefined): string {
  if (parts.length === 1) return name ? draft.op("Identity", [parts[0]], undefined, name) : parts[0];
  return parts.reduce((sum, part, i) =>
    draft.op("Add", [sum, part], undefined, i === parts.length - 1 ? name : undefined),
  );
}

function table(
  draft: GraphDraft,
  plan: ModelPlan,
  name: string,
  dims: readonly number[],
  zeroRow: number | null = null,
  sd = plan.sd,
): string {
  return draft.parameter(name, dims, { kind: "normal", sd, zeroRow });
}

function typeRows(draft: GraphDraft, plan: ModelPlan, { types }: TextEmbeddingFacts, width: number): string[] {
  if (!types) return [];
  const rows = table(draft, plan, types.table, [types.rows, width]);
  const which = types.asked
    ? draft.input("token_type_ids", "int64", ["batch_size", "sequence_length"])
    : draft.ints([0]);
  return [draft.op("Gather", [rows, which])];
}

function positionRows(
  draft: GraphDraft,
  plan: ModelPlan,
  { positions, padding }: TextEmbeddingFacts,
  width: number,
  ids: string,
  lengths: string,
): string[] {
  if (!positions) return [];
  const zeroRow = positions.scheme === "after padding" ? padding : null;
  const rows = table(draft, plan, positions.table, [positions.rows, width], zeroRow);
  if (positions.scheme === "given") {
    const { first = 0 } = positions;
    const which = first === 0 ? "position_ids" : draft.op("Add", ["position_ids", draft.ints([first], [])]);
    return [draft.op("Gather", [rows, which])];
  }
  if (positions.scheme === "after padding") {
    const pad = padding ?? 1;
    const counts = draft.op("Not", [draft.op("Equal", [ids, draft.ints([pad], [])])]);
    const kept = draft.op("Cast", [counts], { to: { int: 7 } });
    return [draft.op("Gather", [rows, runningCount(draft, kept, pad)])];
  }
  const n = draft.op("Slice", [lengths, draft.ints([1]), draft.ints([2])]);
  return [draft.op("Slice", [rows, draft.ints([0]), n, draft.ints([0])])];
}

/** start + 1, start + 2, … where `kept` `[batch, n]` is 1, `start` where it is 0. */
function runningCount(draft: GraphDraft, kept: string, start: number): string {
  const running = draft.op("CumSum", [kept, draft.ints([1], [])]);
  return draft.op("Add", [draft.op("Mul", [running, kept]), draft.ints([start], [])]);
}
