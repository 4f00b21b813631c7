import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { TokensphereError } from "../../models/errors.ts";

/** A file that grows; what is written is on the disk when it is closed, which may be done twice. */
export interface LineFile {
  write(text: string): void;
  close(): void;
}

/** @throws TokensphereError `disk` where the file cannot be written; so do its functions. */
export function openLineFile(path: string): LineFile {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw new TokensphereError("disk", `cannot write: ${path}. check the folder and the space left`, { cause });
    }
  };
  const file = guarded(() => openSync(path, "w"));
  let open = true;
  return {
    write: (text) => void guarded(() => writeSync(file, text)),
    close() {
      if (!open) return;
      open = false;
      guarded(() => fsyncSync(file));
      closeSync(file);
    },
  };
}
