/** Text made safe for HTML, in elements and in quoted attributes alike. */
export function escapeHtml(text: unknown): string {
  return String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Sentences as HTML whose numbers stay beside what belongs to them: no line ends within "38 %" or "β = 2". */
export function prose(text: string): string {
  return escapeHtml(text).replace(/(?<=\d) (?=%)|(?<=[A-Za-zβκ]) (?== [−\d])|(?<=[A-Za-zβκ] =) (?=[−\d])/g, "&nbsp;");
}

/** A section with its heading; empty when there is nothing to say. The title is escaped, the body is HTML. */
export function section(id: string, title: string, body: string): string {
  if (body === "") return "";
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escapeHtml(title)}</h2>\n${body}</section>\n`;
}

/**
 * A table that scrolls sideways on a narrow screen. Heads and the caption are escaped, cells are HTML.
 *
 * @param kind `numbers`: all columns but the first; `named`: but the second one, which has words; `tall`: scrolls up and down too;
 *   `floored`: the first row is a floor of the others.
 */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  kind = "",
): string {
  const head = heads.map((text) => (text === "" ? "<td></td>" : `<th scope="col">${escapeHtml(text)}</th>`)).join("");
  const row = ([first, ...rest]: readonly string[]) =>
    `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  const label = escapeHtml(caption);
  return `<div class="scroll ${kind}" tabindex="0" role="region" aria-label="${label}"><table><caption><span>${label}</span></caption>
<thead><tr>${head}</tr></thead><tbody>
${rows.map(row).join("\n")}
</tbody></table></div>\n`;
}
