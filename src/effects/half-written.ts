/** Where something half-written lies while a command is at work: plain data, so that another process can remove it. */
export interface HalfWritten {
  /** The folder that holds it: looked through as the next start would do. */
  readonly folder: string;
  /** Folders that were made for it, the innermost first: removed where nothing is in them. */
  readonly made: readonly string[];
}

/** What a supervised process tells: a place of that number, or that the place is no more. */
export interface HalfWrittenNews {
  readonly place: number;
  readonly is: HalfWritten | null;
}

/** Tells places to whoever supervises this process, if anybody does. */
export function halfWrittenTeller(): (place: HalfWritten) => () => void {
  let told = 0;
  const tell = (news: HalfWrittenNews) => void process.send?.(news, () => {});
  return (is) => {
    const place = told++;
    tell({ place, is });
    return () => tell({ place, is: null });
  };
}
