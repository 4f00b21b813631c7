import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { renderSvg } from "../../src/draw/render.ts";
import { runFigures } from "../../src/figures/run-figures.ts";
import type { TimeMap } from "../../src/fit/fit-result.ts";
import { escapeHtml, prose } from "../../src/report/html.ts";
import { reportHtml } from "../../src/report/report.ts";
import type { ReportFigure, ReportInput } from "../../src/report/report-input.ts";
import { deepFreeze } from "../figures/deep-freeze.ts";
import { smallRun } from "../figures/small-run.ts";

const MANIFEST = {
  command: "compare",
  model: "tiny-albert",
  sha256: "ab".repeat(32),
  versions: { tokensphere: "0.1.0", node: "20.20.2" },
  seed: 1,
  stream: [
    { layer: 0, name: "resid_pre", tensor: "/embeddings/Add_output_0" },
    { layer: 1, name: "resid_pre", tensor: "/layer.0/Add_output_0" },
  ],
  warnings: ["a final norm follows the last block"],
};
const STAGES = [
  { stage: "probe", seconds: 1.25, peak_mb: 210 },
  { stage: "fit", seconds: 3.5, peak_mb: 305 },
];

let figures: readonly ReportFigure[];
beforeAll(async () => {
  const named = runFigures(smallRun()).slice(0, 3);
  figures = await Promise.all(named.map(async (one) => ({ ...one, svg: await renderSvg(one.spec), png: true })));
});

function input(changes: Partial<ReportInput> = {}): ReportInput {
  return {
    title: "How tokens cluster in tiny-albert",
    manifest: MANIFEST,
    ...smallRun(),
    figures,
    stages: STAGES,
    ...changes,
  };
}

/** What a reader sees: no tags, no pictures, entities read. */
function textOf(html: string): string {
  const words = html
    .replace(/<(style|svg)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
  return words
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}

/** Every address that a browser would fetch or follow. */
function addresses(html: string): readonly string[] {
  const attributes = [
    ...html.matchAll(/\s(?:src|href|xlink:href|data|action|srcset|poster)\s*=\s*["']([^"']*)["']/g),
  ].map((found) => found[1]!);
  const styles = [...html.matchAll(/url\(\s*['"]?([^)'"]*)|@import\s+([^;]+)/g)].map(
    (found) => (found[1] ?? found[2])!,
  );
  return [...attributes, ...styles];
}

describe("a report", () => {
  test("opens with the verdict of the fit, directly under the title", () => {
    const html = reportHtml(input());
    const words = textOf(html.slice(html.indexOf("<body")));
    expect(words.trim()).toMatch(/^How tokens cluster in tiny-albert Tokens draw together\. SA explains it best\./);
  });

  test("marks the verdict where no family beats frozen", () => {
    expect(reportHtml(input({ fit: smallRun({ best: "frozen" }).fit }))).toContain('<p class="verdict none">');
    expect(reportHtml(input())).not.toContain('verdict none"');
  });

  test("names a third family by its own label in key numbers, families and warnings", () => {
    const more = [{ name: "my_krause", label: "Krause & co" }];
    const { fit } = smallRun({ more, best: "my_krause" });
    const families = fit.families.map((one) => (one.name === "my_krause" ? { ...one, warnings: ["flat"] } : one));
    const html = reportHtml(input({ fit: { ...fit, families } }));
    expect(html).toContain('<th scope="col">W₁ Krause &amp; co</th>');
    expect(html).toContain("<b>Krause &amp; co</b> <small>best</small>");
    expect(html).toContain("<li>Krause &amp; co: flat</li>");
    expect(html).not.toContain('verdict none"');
  });

  test("says who clusters with the labels of families, and how many clusters of more it shows", () => {
    const token = { text: 0, layer: 3, token: "NA", nearest: 0, cosine: 1, norm: 1, moved: null };
    const tokens = Array.from({ length: 18 }, (_, i) => ({ ...token, i, cluster: Math.floor(i / 2) }));
    const pair = { text: 0, layer: 3, i: 0, j: 1, token_i: "a", token_j: "b", cosine: 0.9, why: "both" };
    const tokenPairs = [{ ...pair, predicted: { sa: 0.8, averaging: 0.7 } }];
    const events = [0, 1].map((cluster) => ({
      text: 0,
      layer: 3,
      event: "birth",
      cluster,
      other: null,
      size: 2,
      components: 9,
      until: null,
    }));
    const html = reportHtml(input({ tokens, tokenPairs, clusters: events as NonNullable<ReportInput["clusters"]> }));
    const part = html.slice(html.indexOf('id="who"')).split("</section>")[0]!;
    expect(textOf(part)).toContain("largest first: 9, and 0 of 18 tokens alone. The first 8 are shown.");
    expect(part).toContain('<th scope="col">SA</th><th scope="col">averaging</th>');
    expect(part).toMatch(/class="scroll numbers named"/);
    expect(part).not.toContain("floored"); // No event is a floor of the others.
    expect(html.slice(html.indexOf('id="numbers"')).split("</section>")[0]).toContain("floored");
  });

  test("lets no line end within a number and what belongs to it", () => {
    expect(prose("38 % of it, β = −2 < 3, <b>")).toBe("38&nbsp;% of it, β&nbsp;=&nbsp;−2 &lt; 3, &lt;b&gt;");
  });

  test("without a fit opens with what was measured and has no table of families", () => {
    const html = reportHtml(input({ fit: null }));
    expect(textOf(html)).toMatch(
      /mean cosine of token pairs goes from 0\.\d+ at layer 0 to 0\.\d+ at layer 3.*No dynamics was fitted/,
    );
    expect(html).not.toContain('id="families"');
    expect(html).not.toContain("fit.json");
  });

  test("contains every figure as inline SVG with title, caption and links to its files", () => {
    const html = reportHtml(input());
    for (const { name, title, caption } of figures) {
      const part = html.slice(html.indexOf(`id="figure-${name}"`)).split("</figure>")[0]!;
      expect(part).toContain("<svg ");
      expect(textOf(part)).toContain(title);
      expect(textOf(part)).toContain(caption.slice(0, 60));
      for (const ending of ["svg", "png", "vl.json"]) expect(part).toContain(`href="${name}.${ending}"`);
    }
  });

  test("asks the network for nothing: addresses are files beside it or marks within it", () => {
    const found = addresses(reportHtml(input()));
    expect(found).toContain("metrics.csv");
    for (const address of found) expect(address).toMatch(/^(#[\w-]+|[\w.-]+\.(csv|json|svg|png))$/);
  });

  test("forbids by policy what it does not need: scripts, frames, connections", () => {
    const html = reportHtml(input());
    expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'/);
    expect(html).not.toMatch(/<script|<iframe|<link|\son\w+=/);
  });

  test("gives every identifier once, though each picture numbers its own from 0", () => {
    const html = reportHtml(input());
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((found) => found[1]!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, mark] of html.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(mark);
  });

  test("has a row of key numbers for every layer, with the isotropic floor above", () => {
    const html = reportHtml(input());
    const part = html.slice(html.indexOf('id="numbers"')).split("</section>")[0]!;
    expect(part.match(/<tr>/g)).toHaveLength(1 + 1 + 4);
    expect(textOf(part)).toMatch(/isotropic floor 0 0\.204 0 0 0 13\.5/);
    expect(textOf(part)).toMatch(/0 \(embedding\) 0\.1\d\d/);
  });

  test("lists families with interval, skill and held-out skill, warnings, stages, and the layer → tensor map", () => {
    const words = textOf(reportHtml(input()));
    expect(words).toMatch(/SA best 3\.00 2\.40 … 3\.90 0\.\d{3} 50 % 0\.\d{3} 40 % monotone/);
    expect(words).toContain("USA: the profile over β is flat");
    expect(words).toContain("a final norm follows the last block");
    expect(words).toMatch(/probe 1\.25 210 fit 3\.50 305 all 4\.75 305/);
    expect(words).toContain("/embeddings/Add_output_0");
    expect(words).toContain("ab".repeat(32));
  });

  test("tells the time map of every family, also of older fits whose families took different ones", () => {
    const { fit, ...run } = smallRun();
    const turn = (map: TimeMap): TimeMap => (map === "linear" ? "monotone" : "linear");
    const [sa, usa, frozen] = fit.families;
    const families = [sa!, { ...usa!, time: { ...usa!.time, map: turn(usa!.time.map) } }, frozen!];
    const alternatives = families
      .slice(0, 2)
      .map((one) => ({ ...one, time: { ...one.time, map: turn(one.time.map) } }));
    const html = reportHtml(input({ ...run, fit: { ...fit, families, alternatives } }));
    const [chosen, other] = html.slice(html.indexOf('id="families"')).split("</table>").map(textOf);
    expect(chosen).toMatch(
      /Under the time map chosen for all families.*time end time.* SA .*% monotone .* USA .*% linear .* frozen .*% – –/,
    );
    expect(other).toMatch(/Under the other time map, for comparison.* SA .*% linear .* USA .*% monotone /);
  });

  test("names under its title the texts that were measured, and what was asked of the model against its files", () => {
    const header = (manifest: Readonly<Record<string, unknown>>) =>
      textOf(reportHtml(input({ manifest })).split("</header>")[0]!);
    const named = (...names: readonly string[]) => names.map((name) => ({ name, characters: 5 }));
    const overrides = { depth: 48, heads: 1, randomInit: 3, shuffleTokens: 1 };
    const words = "depth 48 · heads 1 · random weights seed 3 · shuffled tokens seed 1";
    expect(header({ model: { model: "bundled", overrides }, texts: named("Poe, The Raven") })).toContain(
      `bundled · ${words} · Poe, The Raven · n`,
    );
    expect(
      header({ model: { model: "m", overrides: {} }, texts: named("a", "/texts/b.txt", "c", "d", "e") }),
    ).toContain("m · a, b.txt, c and 2 more · n");
    expect(header({ model: "m" })).toContain("m · n");
  });

  test("names under its title the heads of the model, beside its width d", () => {
    const header = (model: unknown) => textOf(reportHtml(input({ manifest: { model } })).split("</header>")[0]!);
    expect(header({ model: "m", heads: 12, overrides: {} })).toMatch(/m · 12 heads · n.=.\d+, d.=.\d+/);
    expect(header({ model: "m", heads: 1, overrides: {} })).toContain("m · 1 head · n");
    expect(header({ model: "m", heads: 1, overrides: { heads: 1 } })).toContain("m · heads 1 · n");
  });

  test("has one h1, headings in order, captions on tables and a label on every picture", () => {
    const html = reportHtml(input());
    const levels = [...html.matchAll(/<h([1-6])/g)].map((found) => Number(found[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [k, level] of levels.entries()) expect(level - (levels[k - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(html.match(/<caption>/g)).toHaveLength(html.match(/<table>/g)!.length);
    expect(html.match(/<svg[^>]* aria-label="[^"]{10}/g)).toHaveLength(figures.length);
  });

  test("is the same for the same data and leaves them untouched", () => {
    const frozen = deepFreeze(structuredClone(input()));
    expect(reportHtml(frozen)).toBe(reportHtml(frozen));
  });

  test("shows what is not known as a dash, never as null, NaN or undefined", () => {
    const run = smallRun();
    const metrics = run.metrics
      .filter((row) => row.measure !== "sd_cosine" || row.layer !== 2)
      .map((row) => ({ ...row, floor: null }));
    const families = run.fit.families.map((family) => ({
      ...family,
      beta_interval: null,
      skill: null,
      skill_held_out: null,
    }));
    const html = reportHtml(
      input({ metrics, fit: { ...run.fit, families }, manifest: { model: null, note: undefined } }),
    );
    expect(textOf(html)).not.toMatch(/\b(null|NaN|undefined|Infinity)\b|\[object/);
  });
});

describe("escaping", () => {
  const nasty = fc.string({
    unit: fc.constantFrom("<", ">", "&", '"', "'", "script", "=", "/", " ", "a", "é", "`", "-"),
    maxLength: 30,
  });

  test("leaves no character that opens a tag, an entity or ends an attribute", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        expect(textOf(`x${escapeHtml(text)}x`)).toBe(`x${text}x`.replace(/\s+/g, " "));
      }),
    );
  });

  test("holds wherever a text can come from: no text makes a tag or an attribute of its own", () => {
    const shape = (html: string) =>
      html
        .replace(/<svg[\s\S]*?<\/svg>/g, "")
        .match(/<\/?[a-z][a-z0-9]*/g)!
        .join("");
    const plain = withText("x");
    fc.assert(
      fc.property(
        nasty.filter((text) => text !== ""),
        (text) => {
          const html = withText(`x${text}`);
          expect(shape(html)).toBe(shape(plain));
          expect(addresses(html).filter((address) => /^(javascript|https?|data):/i.test(address))).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("is needed: the same text unescaped would make a tag", () => {
    const attack = '"><img src=x onerror=alert(1)>';
    expect(withText(attack)).not.toContain("<img");
    expect(withText(attack)).toContain("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
  });

  function withText(text: string): string {
    const { fit, ...run } = smallRun();
    const families = fit.families.map((family) => ({ ...family, warnings: [text] }));
    return reportHtml({
      ...run,
      title: text,
      manifest: {
        command: text,
        model: text,
        versions: { [text]: text },
        stream: [{ [text]: text }],
        warnings: [text],
        tokens: [[text]],
      },
      fit: { ...fit, families, verdict: text },
      figures: [{ name: "w1ByLayer", title: text, caption: text, svg: '<svg width="10"></svg>' }],
      stages: [{ stage: text, seconds: 1, peak_mb: 1 }],
    });
  }
});
