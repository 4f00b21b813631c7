// The text of docs/formats.md, from the schemas of the formats.

const HEAD = `# Formats

Every JSON file that tokensphere writes begins with \`"format": "tokensphere/…"\` and \`"version": 1\`. Numbers are finite; what does not exist is
null; a list is as long as what it runs along. The same schemas check what is written and what is read: a damaged file ends a command with
exit code 3 and one line that names the file, the field and what was expected. Fields that a version does not know are let be.

This page is printed from the schemas: \`npm run build && node bench/docs.mjs\`.
`;

/** @param toJsonSchema - That of zod. */
export function formatsPage(formats, toJsonSchema) {
  const parts = formats.map(({ name, version, file, about, schema }) => {
    const rows = rowsOf(toJsonSchema(schema), "").map(
      ({ field, type, about: words }) => `| \`${field}\` | ${type} | ${words} |`,
    );
    const head = `## ${name}, version ${version}\n\n\`${file}\`. ${about}\n\n| field | holds | meaning |\n|---|---|---|\n`;
    return `${head}${rows.join("\n")}\n`;
  });
  return `${HEAD}\n${parts.join("\n")}`;
}

/** One row a field, those of objects within behind their own. */
function rowsOf(schema, prefix) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const may = required.has(name) ? "" : ", may be missing";
    const about = (field.description ?? "").replaceAll("|", "\\|");
    return [{ field: path, type: `${typeOf(field)}${may}`, about }, ...inside(field, path)];
  });
}

/** Fields of the objects that a field holds. */
function inside(field, path) {
  if (field.anyOf) return field.anyOf.flatMap((one) => inside(one, path));
  if (field.type === "array" && field.items) return inside(field.items, `${path}[]`);
  return rowsOf(field, `${path}.`);
}

function typeOf(field) {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum) return field.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (field.anyOf) return [...new Set(field.anyOf.map(typeOf))].join(" or ");
  if (Array.isArray(field.type)) return field.type.map((type) => typeOf({ ...field, type })).join(" or ");
  if (field.type === "array")
    return field.prefixItems ? `[${field.prefixItems.map(typeOf).join(", ")}]` : listOf(field);
  if (field.type === "number" || field.type === "integer") return numberOf(field);
  if (field.type === "object") return field.properties ? "object" : mapOf(field);
  if (field.type === "string") return field.pattern ? `string \`${field.pattern.replaceAll("|", "\\|")}\`` : "string";
  return field.type ?? "anything";
}

function listOf({ items, minItems }) {
  return `list of ${minItems ? `at least ${minItems} of ` : ""}${typeOf(items)}`;
}

function mapOf({ additionalProperties }) {
  const of = additionalProperties && Object.keys(additionalProperties).length > 0 ? typeOf(additionalProperties) : "";
  return of ? `object of ${of}` : "object";
}

function numberOf({ type, minimum, exclusiveMinimum, maximum }) {
  const name = type === "integer" ? "whole number" : "number";
  const [least, most] = [minimum, maximum].map((end) => (Math.abs(end ?? 0) > 2 ** 52 ? undefined : end));
  if (exclusiveMinimum !== undefined) return `${name} > ${exclusiveMinimum}`;
  if (least !== undefined && most !== undefined) return `${name} ${least} … ${most}`;
  if (least !== undefined) return `${name} ≥ ${least}`;
  return most !== undefined ? `${name} ≤ ${most}` : name;
}
