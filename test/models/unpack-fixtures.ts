import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const packed = fileURLToPath(new URL("../fixtures/models/", import.meta.url));

/** A temporary copy of the fixture models, with packed files unpacked; `remove` it afterwards. */
export async function unpackFixtures(
  ...architectures: readonly string[]
): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "tokensphere-"));
  for (const name of architectures) await cp(join(packed, name), join(folder, name), { recursive: true });
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith(".gz")) continue;
    const path = join(folder, name);
    await writeFile(path.slice(0, -3), gunzipSync(await readFile(path)));
    await rm(path);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
