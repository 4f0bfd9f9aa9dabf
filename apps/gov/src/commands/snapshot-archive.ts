import { dirname, resolve } from "node:path";
import { syncDirectory } from "@gov/atomic-io";
import { archiveSnapshot, selectSnapshot } from "@gov/manifest/snapshot";
import { formatUtc } from "@gov/telemetry";
import { type Command, InputError, isDryRun, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { authorize } from "../root/authorize.ts";
import { isThere } from "../root/is-there.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { requireTrustPolicy } from "../root/trust-policy.ts";

/** Writes the newest signed snapshot as a tar archive, its signed list first; one document is in memory at a time. */
export const snapshotArchive: Command = {
  usage: "<file>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov snapshot archive ../documents.tar"],
  async run(context, call) {
    const [file] = call.positionals;
    if (file === undefined) throw new UsageError("Missing the file to write");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const policy = await requireTrustPolicy(context, directory);
    await authorize(context, call, { place: governed, deed: { action: "snapshot:archive", subject: { id: "snapshot" } } });
    const { store, backend } = promotionSite(context, directory);
    const path = resolve(context.cwd, file);
    context.writesBelow(dirname(path));
    if (await isThere(context, path)) throw new InputError("CLI_FILE_EXISTS", `Cannot write "${file}": it exists, and is not overwritten`);
    const selected = await selectSnapshot(backend, { store, policy, at: formatUtc(context.clock.now()) });
    const { artifacts, sequence } = selected.snapshot;
    const bytes = isDryRun(call) ? null : await write(context, path, archiveSnapshot(selected, { store }));
    return {
      data: { sequence, digest: selected.digest, documents: artifacts.length, file, bytes },
      findings: [],
      view: [
        bytes === null
          ? { type: "line", mark: "none", text: `Would write ${artifacts.length} documents of snapshot ${sequence} to ${file}` }
          : { type: "line", mark: "pass", text: `Wrote ${artifacts.length} documents of snapshot ${sequence} to ${file}, ${bytes} bytes` },
      ],
    };
  },
};

/** Writes a new file part by part, and takes it away again when it cannot be completed. */
async function write({ fs }: Context, path: string, parts: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await fs.open(path, "create");
  let length = 0;
  try {
    for await (const part of parts)
      for (let at = 0; at < part.length;) {
        const taken = await handle.write(part.subarray(at), length);
        at += taken;
        length += taken;
      }
    await handle.sync();
  } catch (error) {
    await fs.unlink(path);
    throw error;
  } finally {
    await handle.close();
  }
  await syncDirectory(dirname(path), { fs });
  return length;
}
