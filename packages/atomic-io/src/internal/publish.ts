import type { Durability } from "../durability.ts";
import type { FileSystem } from "../file-system.ts";
import { syncDirectory } from "../sync-directory.ts";
import { failed } from "./errno.ts";
import type { Target } from "./resolve-target.ts";

/** Makes the published name durable and says what was achieved. */
export async function makeNameDurable(fs: FileSystem, target: Target, wanted: Durability): Promise<Durability> {
  if (wanted !== "power") return wanted;
  try {
    return (await syncDirectory(target.directory, { fs })) ? "power" : "process";
  } catch (error) {
    throw failed("ATOMIC_IO_COMMIT_UNCERTAIN", `Cannot make "${target.path}" durable`, {
      path: target.path,
      step: "fsync of its directory",
      cause: error,
      hint: "the new content is visible, but a power cut may bring the old one back; check the disk, then write again",
    });
  }
}
