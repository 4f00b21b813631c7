import type { Embed, LinearNames, ModelPlan } from "./architecture.ts";
import type { GraphDraft } from "./graph-draft.ts";
import { normalise } from "./normalise.ts";
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
  /** Whether `position_ids` is an input. */
  readonly positionInput?: boolean;
}

export interface PositionFacts {
  readonly table: string;
  readonly rows: number;
  /**
   * The row of each position: `counted` from 0, `given` by the input `position_ids`, or `after padding`: counted over
   * the tokens that are no padding, beginning after the padding id (RoBERTa).
   */
  readonly scheme: "counted" | "given" | "after padding";
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
    const words = table(draft, plan, facts.words, [facts.vocabulary, width], facts.padding);
    const parts = [
      draft.op("Gather", [words, ids]),
      ...typeRows(draft, plan, facts, width),
      ...positionRows(draft, plan, facts, width, ids, lengths),
    ];
    const last = facts.project ? "projection" : facts.norm ? "norm" : "sum";
    const name = (step: string) => (step === last ? "hidden_states.0" : undefined);
    const sum = addAll(draft, parts, name("sum"));
    const normed = facts.norm ? normalise(draft, plan.norm, sum, facts.norm, width, name("norm")) : sum;
    const x = facts.project
      ? fromRows(
          draft,
          project(draft, plan, toRows(draft, normed, width), facts.project, width, plan.width),
          lengths,
          [plan.width],
          name("projection"),
        )
      : normed;
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
): string {
  return draft.parameter(name, dims, { kind: "normal", sd: plan.sd, zeroRow });
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
  if (positions.scheme === "given") return [draft.op("Gather", [rows, "position_ids"])];
  if (positions.scheme === "after padding") return [draft.op("Gather", [rows, afterPadding(draft, ids, padding ?? 1)])];
  const n = draft.op("Slice", [lengths, draft.ints([1]), draft.ints([2])]);
  return [draft.op("Slice", [rows, draft.ints([0]), n, draft.ints([0])])];
}

/** padding + 1, padding + 2, … for tokens that are no padding, `padding` for those that are. */
function afterPadding(draft: GraphDraft, ids: string, padding: number): string {
  const pad = draft.ints([padding], []);
  const counts = draft.op("Cast", [draft.op("Not", [draft.op("Equal", [ids, pad])])], { to: { int: 7 } });
  const running = draft.op("CumSum", [counts, draft.ints([1], [])]);
  return draft.op("Add", [draft.op("Mul", [running, counts]), pad]);
}
