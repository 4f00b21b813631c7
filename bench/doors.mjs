// Prints src/library/doors/ from the types: what each function of the library wants, checked at run time for callers without types.
//
//     node bench/doors.mjs [--check]
//
// With --check nothing is written: the exit code is 1 where what stands there is not what the types say.
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Entry points of the package, and what is behind each. */
const DOORS = {
  main: "src/index.ts",
  models: "src/library/models.ts",
  probes: "probes/index.ts",
  sim: "sim/index.ts",
};

/** What says itself what it expected, in the words of what it is about. */
const OWN = /^(define(?!Method)|as)[A-Z]|^(openModel|inspectModel|readHiddenStates|readInputs|statesOfTexts)$/;

const { values: asked } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  ROOT,
);
const program = ts.createProgram(
  Object.values(DOORS).map((path) => ROOT + path),
  { ...options, noEmit: true },
);
const checker = program.getTypeChecker();

for (const [name, path] of Object.entries(DOORS)) {
  const file = program.getSourceFile(ROOT + path);
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file));
  const lines = symbols.flatMap((symbol) => line(symbol, file)).sort();
  const from = relative(`${ROOT}src/library/doors`, ROOT + path);
  const head = [
    "// Printed by bench/doors.mjs.",
    ...[
      ["* as behind", from],
      ["{ door }", "../door.ts"],
    ]
      .sort(byPath)
      .map(([what, path]) => `import ${what} from "${path}";`),
    "",
    `export * from "${from}";`,
    "",
  ];
  const text = [...head, ...lines, ""].join("\n");
  const place = `src/library/doors/${name}.ts`;
  if (!asked.check) writeFileSync(ROOT + place, text);
  else if (readFileSync(ROOT + place, "utf8") !== text) {
    console.error(`${place} is not what the types say: run node bench/doors.mjs`);
    process.exitCode = 1;
  }
}

/** As biome sorts imports: by path. */
function byPath(one, other) {
  return one[1] < other[1] ? -1 : 1;
}

/** The line of one export; none for what is no function, wants nothing, or answers by itself. */
function line(symbol, file) {
  if (OWN.test(symbol.name)) return [];
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (!(target.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable))) return [];
  const type = checker.getTypeOfSymbolAtLocation(target, file);
  if (type.getCallSignatures().length !== 1 || type.getConstructSignatures().length > 0) return [];
  const wants = type.getCallSignatures()[0].parameters.flatMap((parameter) => want(parameter, file));
  while (wants.at(-1)?.endsWith(": any")) wants.pop();
  if (wants.length === 0) return [];
  const { name } = symbol;
  return [
    `export const ${name}: typeof behind.${name} = door(behind.${name}, ${wants.map((one) => JSON.stringify(one)).join(", ")});`,
  ];
}

function want(parameter, file) {
  const { valueDeclaration: declaration } = parameter;
  if (declaration.dotDotDotToken) return [];
  const optional = Boolean(declaration.questionToken || declaration.initializer);
  const type = checker.getTypeOfSymbolAtLocation(parameter, file);
  return [`${nameOf(parameter, type)}${optional ? "?" : ""}: ${kinds(type, file, true)}`];
}

/** Of one that is taken apart at once, the name of its type. */
function nameOf(parameter, type) {
  if (!parameter.name.startsWith("__")) return parameter.name;
  const name = (type.aliasSymbol ?? type.symbol)?.name ?? "";
  return /^[A-Z]\w*$/.test(name) ? name[0].toLowerCase() + name.slice(1) : "options";
}

function kinds(type, file, deep) {
  if (type.flags & ts.TypeFlags.TypeParameter) return kinds(checker.getBaseConstraintOfType(type), file, deep);
  const parts = type.isUnion() ? type.types : [type];
  const found = [...new Set(parts.map((part) => kind(part, file, deep && parts.filter(isPlain).length === 1)))];
  if (found.includes("any")) return "any";
  return found.filter((one) => one !== "").join(" | ");
}

/** An object of which fields are told. */
function isPlain(type) {
  return Boolean(type.flags & ts.TypeFlags.Object || type.isIntersection());
}

function kind(type, file, deep) {
  const { flags } = type;
  if (flags & ts.TypeFlags.Undefined || flags & ts.TypeFlags.Void) return "";
  if (flags & ts.TypeFlags.Null) return "null";
  if (flags & ts.TypeFlags.NumberLike) return "number";
  if (flags & ts.TypeFlags.StringLike) return "text";
  if (flags & ts.TypeFlags.BooleanLike) return "boolean";
  if (flags & ts.TypeFlags.BigIntLike) return "bigint";
  if (!isPlain(type)) return "any";
  if (type.getCallSignatures().length > 0) return "function";
  const name = type.symbol?.name ?? "";
  if (checker.isArrayType(type) || checker.isTupleType(type) || /Array(Like)?$/.test(name)) return "list";
  if (/Iterable|Iterator|Generator/.test(name)) return "iterable";
  const library =
    name !== "__type" &&
    type.symbol?.declarations?.some((one) => program.isSourceFileDefaultLibrary(one.getSourceFile()));
  if (library || !deep) return "object";
  const told = checker
    .getPropertiesOfType(type)
    .map((field) => [
      `${field.name}${field.flags & ts.SymbolFlags.Optional ? "?" : ""}`,
      kinds(checker.getTypeOfSymbolAtLocation(field, file), file, false),
    ])
    .filter(([, one]) => one !== "any" && one !== "");
  return told.length === 0 ? "object" : `{ ${told.map((pair) => pair.join(": ")).join(", ")} }`;
}
