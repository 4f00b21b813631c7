import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { TokensphereError } from "../../models/errors.ts";

/** A file that grows; what is written is on the disk when it is closed, which may be done twice. */
export interface LineFile {
  write(text: string): void;
  close(): void;
}

/**
 * Opens a file to write on.
 *
 * @param flag - `w`: a new file, `a`: what there is goes on.
 * @throws TokensphereError `disk` where the file cannot be written; so do its functions.
 */
export function openLineFile(path: string, flag: "w" | "a" = "w"): LineFile {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw new TokensphereError("disk", `cannot write: ${path}. check the folder and the space left`, { cause });
    }
  };
  const file = guarded(() => openSync(path, flag));
  let open = true;
  return {
    write: (text) => guarded(() => writeAll(file, text)),
    close() {
      if (!open) return;
      open = false;
      guarded(() => {
        try {
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
      });
    },
  };
}

/** The system may take fewer bytes than it is given, as where the disk is nearly full. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
