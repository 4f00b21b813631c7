/** How a client waits; handed in, so that tests need not. */
export interface Patience {
  /** Waits some milliseconds before another try. */
  readonly delay: (milliseconds: number) => Promise<void>;
  /** Milliseconds in which an answer must begin, and each piece of it follow the one before. */
  readonly stall: number;
  /** Bytes of a file whose size the hub does not say, above which it is not read on. */
  readonly unstated: number;
}

/** How long to wait before each further try, in milliseconds, where the hub does not say. */
export const BACKOFF: readonly number[] = [500, 1000, 2000, 4000];

/** A hub that asks for more patience than this is told of instead, in milliseconds. */
const MOST_WAIT = 120_000;
const BUSY = [408, 429, 500, 502, 503, 504];
/** Failures that another try does not mend. */
const LASTING = /^(ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ERR_INVALID_URL|.*CERT.*|.*SELF_SIGNED.*)$/;

/**
 * `fetch` that tries again after dropped connections and the answers of a busy server, as long as Retry-After says.
 * The last answer is given whatever its status.
 *
 * @throws what `fetch` throws where no answer came.
 */
export async function patientFetch(url: string, init: RequestInit, { delay, stall }: Patience): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const answer = await promptFetch(url, init, stall).catch((error: unknown) => error);
    const wait = waitAfter(answer, attempt);
    if (answer instanceof Response && wait === null) return answer;
    if (wait === null) throw answer;
    if (answer instanceof Response) await answer.body?.cancel().catch(() => undefined);
    await delay(wait);
  }
}

async function promptFetch(url: string, init: RequestInit, stall: number): Promise<Response> {
  const abort = new AbortController();
  try {
    return await within(fetch(url, { ...init, signal: abort.signal }), stall);
  } catch (error) {
    abort.abort();
    throw error;
  }
}

/** A body piece by piece. @throws Error where the next piece does not come in time. */
export async function* piecesOf(
  body: ReadableStream<Uint8Array>,
  stall: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), stall);
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** How many times as long as a piece of it a whole list may take. */
const LIST_STALLS = 6;

/**
 * A whole body, of an answer that is a list.
 *
 * @param most - Bytes that it may have.
 * @throws Error where it is longer, the next piece does not come in time, or all together takes {@link LIST_STALLS} times that.
 */
export async function listBody(body: ReadableStream<Uint8Array>, stall: number, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let late = false;
  const gather = async () => {
    let size = 0;
    for await (const piece of piecesOf(body, stall)) {
      size += piece.length;
      if (size > most) throw new Error(`more than ${most} bytes`);
      if (late) return; // Nobody waits for it any more.
      pieces.push(piece);
    }
  };
  await within(gather(), LIST_STALLS * stall).finally(() => {
    late = true;
  });
  return Buffer.concat(pieces);
}

/** A promise that fails where it takes longer than some milliseconds. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const stalled = new Error(`it took longer than ${milliseconds / 1000} s`, { cause: { code: "ETIMEDOUT" } });
    timer = setTimeout(() => reject(stalled), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Milliseconds to wait before the next try; null where there is none. */
function waitAfter(answer: unknown, attempt: number): number | null {
  if (attempt >= BACKOFF.length) return null;
  if (!(answer instanceof Response)) return isLasting(answer) ? null : BACKOFF[attempt];
  if (!BUSY.includes(answer.status)) return null;
  const asked = retryAfter(answer.headers);
  return asked !== null && asked > MOST_WAIT ? null : (asked ?? BACKOFF[attempt]);
}

/** Whether an error of `fetch` would come again at once; one without a code is a URL or header that it refuses. */
function isLasting(error: unknown): boolean {
  const cause = (error as { cause?: unknown }).cause as { code?: unknown } | undefined;
  return typeof cause?.code !== "string" || LASTING.test(cause.code);
}

/** Retry-After in milliseconds: seconds, or a date, which is held against the server's own clock. */
export function retryAfter(headers: Headers): number | null {
  const said = headers.get("retry-after");
  if (said === null) return null;
  if (/^\d+(\.\d+)?$/.test(said.trim())) return 1000 * Number(said);
  const wait = Date.parse(said) - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
