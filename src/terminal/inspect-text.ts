import type { BlockDescription, ModelDescription } from "../../models/model-description.ts";
import type { BranchAnatomy } from "../../models/stream/block-anatomy.ts";
import { table } from "../effects/table.ts";

/** Widest line. */
const WIDTH = 100;

/** What a model is made of, for a terminal: facts, a table of blocks, a table of tensors, notes and warnings. */
export function inspectText(m: ModelDescription): string[] {
  const tensors = tensorTable(m);
  const notes = notesOf(m, tensors);
  return [
    m.model,
    ...wrapped(facts(m)),
    `${m.source === "checkpoint" ? "graph written for the checkpoint" : `ONNX, opset ${m.opset}, ${m.producer || "producer unknown"}`}; ${m.precision}`,
    `sha256 ${m.sha256}`,
    ...streamLines(m),
    "",
    ...blockTable(m),
    "",
    ...tensors,
    ...(notes.length > 0 ? [""] : []),
    ...notes,
  ];
}

/** Where a file has several streams: each with the input it starts from. */
function streamLines({ streams }: ModelDescription): string[] {
  if (streams.length < 2) return [];
  return streams.map(({ name, source, layers, read }) => {
    const blocks = `${layers} block${layers === 1 ? "" : "s"}`;
    return `stream ${name}: ${blocks} from ${source}${read ? ", read here" : `, read with --stream ${name}`}`;
  });
}

function notesOf(m: ModelDescription, tensors: readonly string[]): string[] {
  const isShortened = tensors.some((line) => line.includes("…"));
  return [
    ...notesOfPlaces(m),
    ...m.notes.map((note) => `note: ${note}`),
    ...(isShortened ? ["note: long names are shortened (…), --json has them whole"] : []),
    ...m.warnings.map((warning) => `warning: ${warning}`),
  ].flatMap(wrapped);
}

function facts(m: ModelDescription): string {
  return [
    `${m.layers} block${m.layers === 1 ? "" : "s"}`,
    `width ${m.hidden_size ?? "unknown"}`,
    `${m.heads ?? "unknown"} head${m.heads === 1 ? "" : "s"}`,
    scheme(m),
    ...(m.parallel ? ["attention and MLP in parallel"] : []),
    sharing(m),
  ].join(", ");
}

/** Quantization may leave the first block other weights than the rest. */
function sharing({ blocks }: ModelDescription): string {
  const own = blocks.filter(({ weights }) => weights === null).length;
  if (own === blocks.length) return "weights of its own in each block";
  return own === 0 ? "blocks share weights" : "some blocks share weights";
}

/** As the papers call it, where all branches are alike. */
function scheme({ blocks, norm }: ModelDescription): string {
  const places = new Set(blocks.flatMap(({ branches }) => branches.map((branch) => branch.norm.place)));
  if (places.size === 1 && places.has("peri")) return "peri-LN";
  return places.size === 1 && places.has("inside") ? "norms inside the branches" : `${norm}-LN`;
}

/** Two of the places need a word. */
function notesOfPlaces({ blocks }: ModelDescription): string[] {
  const places = new Set(blocks.flatMap(({ branches }) => branches.map((branch) => branch.norm.place)));
  return [
    ...(places.has("inside") ? ["norm inside: what a branch adds is normed, not what it starts from"] : []),
    ...(places.has("peri") ? ["norm peri: what a branch starts from is normed, and what it adds"] : []),
  ].map((text) => `note: ${text}`);
}

/** Lines of at most 100 characters; those after the first are indented. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(line === undefined ? word : `  ${word}`);
  }
  return lines;
}

/** Blocks that are alike in one line: `2–12`. Weights and precision have a column where there is something to tell. */
function blockTable(m: ModelDescription): string[] {
  const columns = blockColumns(m);
  const rows: { readonly from: number; to: number; readonly cells: readonly string[] }[] = [];
  for (const block of m.blocks) {
    const cells = columns.map(({ cell }) => cell(block));
    const last = rows.at(-1);
    if (last && last.cells.join("\n") === cells.join("\n")) last.to = block.block;
    else rows.push({ from: block.block, to: block.block, cells });
  }
  return table(
    ["block", ...columns.map(({ head }) => head)],
    rows.map(({ from, to, cells }) => [from === to ? `${from}` : `${from}–${to}`, ...cells]),
  );
}

interface BlockColumn {
  readonly head: string;
  readonly cell: (block: BlockDescription) => string;
}

function blockColumns({ blocks, precision }: ModelDescription): BlockColumn[] {
  const shared = blocks.some(({ weights }) => weights !== null);
  const mixed = blocks.some((block) => block.precision !== precision);
  return [
    { head: "norm", cell: ({ branches }) => normsInWords(branches) },
    { head: "attention", cell: ({ branches }) => branchesInWords(branches, (kind) => kind !== "mlp") },
    { head: "MLP", cell: ({ branches }) => branchesInWords(branches, (kind) => kind === "mlp") },
    ...(shared ? [{ head: "weights", cell: ({ weights }: BlockDescription) => weights ?? "own" }] : []),
    ...(mixed ? [{ head: "products", cell: (block: BlockDescription) => shortPrecision(block.precision) }] : []),
  ];
}

function branchesInWords(branches: readonly BranchAnatomy[], wanted: (kind: BranchAnatomy["kind"]) => boolean): string {
  const named = branches.filter(({ kind }) => wanted(kind)).map(branchInWords);
  return named.length === 0 ? "–" : named.join("; ");
}

/** `post LayerNorm`; where branches differ, each with its name. */
function normsInWords(branches: readonly BranchAnatomy[]): string {
  const said = branches.map(({ norm }) => (norm.kind === null ? "none" : `${norm.place} ${norm.kind}`));
  const different = [...new Set(said)];
  if (different.length === 1 || branches.length > 2) return different.join(", ");
  return branches.map(({ kind }, k) => `${kind === "mlp" ? "MLP" : kind} ${said[k]}`).join(", ");
}

/** `4 MatMul, Softmax`; `3 MatMul, gated Silu`. */
function branchInWords({ products, attention, activation, gated }: BranchAnatomy): string {
  const counted = Object.entries(products).filter(([op]) => !(op in attention));
  const mixing = Object.entries(attention).map(([op, count]) => {
    const fused = op === "Softmax" ? op : `fused ${op}`;
    return count === 1 ? fused : `${count} ${fused}`;
  });
  const act = activation === null ? [] : [gated ? `gated ${activation}` : activation];
  return [...mixing.filter((op) => op.startsWith("fused")), ...counted.map(([op, count]) => `${count} ${op}`)]
    .concat(mixing.filter((op) => !op.startsWith("fused")))
    .concat(act)
    .join(", ");
}

function shortPrecision(precision: string): string {
  return precision.replace(/ of (\d+) products are /g, " of $1 ").replace(/, the others /g, ", else ");
}

/** Every tensor that can be asked for, under the name that states.safetensors gives it. */
function tensorTable(m: ModelDescription): string[] {
  const rows = m.stream.flatMap(({ layer, tensor }): [string, string][] => {
    if (layer === "final_norm") return [[layer, tensor]];
    const block = m.blocks[layer];
    return [
      [`hidden_states.${layer}`, tensor],
      ...(block?.attentions ?? []).map((name): [string, string] => [`attentions.${layer}`, name]),
      ...(block?.resid_mid ? [[`resid_mid.${layer}`, block.resid_mid] as [string, string]] : []),
    ];
  });
  if (rows.every(([name, tensor]) => name === tensor)) {
    return [`tensors: ${[...new Set(rows.map(([name]) => name.replace(/\d+$/, "k")))].join(", ")}`];
  }
  const room = WIDTH - 2 - Math.max(...rows.map(([name]) => name.length));
  return table(
    ["state", "tensor"],
    rows.map(([name, tensor]) => [name, shortened(tensor, room)]),
  );
}

/** The middle of a long name gives way: its end tells most. */
function shortened(name: string, room: number): string {
  if (name.length <= room) return name;
  const head = Math.floor(room / 3);
  return `${name.slice(0, head)}…${name.slice(head + 1 - room)}`;
}
