/** A moment of the explorer, as an address keeps it. */
export interface Moment {
  readonly text: number;
  readonly layer: number;
  readonly token: number | null;
  readonly family: string | null;
  /** Tokens are joined from this cosine on. */
  readonly join: number;
  readonly view: string;
}

/** The moment as `#layer=9&token=28&family=sa`; what is as usual is left out. */
export function writeAddress(moment: Moment, usual: Moment): string {
  const parts: string[] = [`layer=${moment.layer}`];
  if (moment.text !== usual.text) parts.unshift(`text=${moment.text}`);
  if (moment.token !== null) parts.push(`token=${moment.token}`);
  if (moment.family !== null) parts.push(`family=${encodeURIComponent(moment.family)}`);
  if (moment.join !== usual.join) parts.push(`join=${moment.join}`);
  if (moment.view !== usual.view) parts.push(`view=${encodeURIComponent(moment.view)}`);
  return `#${parts.join("&")}`;
}

/** What an address says; what it does not say, or not in numbers, is as usual. */
export function readAddress(hash: string, usual: Moment): Moment {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (name: string): number | null => {
    const text = asked.get(name);
    return text === null || text.trim() === "" || !Number.isFinite(Number(text)) ? null : Number(text);
  };
  return {
    text: number("text") ?? usual.text,
    layer: number("layer") ?? usual.layer,
    token: number("token") ?? usual.token,
    family: asked.get("family") ?? usual.family,
    join: number("join") ?? usual.join,
    view: asked.get("view") ?? usual.view,
  };
}
