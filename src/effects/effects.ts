import type { HalfWritten } from "./half-written.ts";
import type { Window } from "./window.ts";

/** The world as a command sees it. Handed in, so that commands can be tested and the core never touches `process`. */
export interface Effects {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Data: what the user may pipe on. */
  readonly print: (text: string) => void;
  /** Talk: notes and warnings. */
  readonly say: (text: string) => void;
  /** Failures, one line each on stderr. Said even where talk is not wanted. */
  readonly fail: (line: string) => void;
  readonly readStdin: () => Promise<string>;
  readonly progress: ProgressBar;
  /** What `print` is read in. */
  readonly window: Window;
  /** Shows a page in the user's browser; `false` where there is none. */
  readonly openPage: (path: string) => Promise<boolean>;
  /** Seconds on a clock that never goes back. */
  readonly seconds: () => number;
  /** Largest memory of the process so far, in MB. */
  readonly peakMemory: () => number;
  readonly date: () => Date;
  /** Says where something half-written lies, to be removed should this process end before its time. Returns a function that takes it back. */
  readonly halfWritten: (place: HalfWritten) => () => void;
}

/** One line that shows how far a stage has come. Silent where nobody watches. */
export interface ProgressBar {
  update(fraction: number, stage: string): void;
  stop(): void;
}
