import { join } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { snapshotTriggers, takeSnapshot } from "@gov/manifest/snapshot";
import { type Command, isDryRun, listFlag, stringFlag, UsageError } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { signersOf } from "../root/signing-key.ts";

const maxArtifactBytes = 1 << 28;

/** Takes a snapshot of every governed document, signed where a key is given, into the store of the root. */
export const snapshotTake: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    ...rootFlags,
    key: { type: "string", multiple: true, value: "<file>", description: "private key (PEM) of a signer (default: GOV_SIGNING_KEY)" },
    trigger: {
      type: "string",
      value: "<word>",
      description: "promotion, gate or periodic (default: periodic)",
      words: [...snapshotTriggers],
    },
  },
  examples: ["gov snapshot take", "gov snapshot take --trigger gate"],
  async run(context, call) {
    const word = stringFlag(call, "trigger") ?? "periodic";
    const trigger = snapshotTriggers.find((known) => known === word);
    if (trigger === undefined) throw new UsageError(`Unknown trigger "${word}"`, `one of ${snapshotTriggers.join(", ")}`);
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const paths = governed.documents.artifacts.map(({ path }) => path);
    await authorize(context, call, { place: governed, deed: { action: "snapshot:take", subject: { id: "snapshot" } } });
    const signers = await signersOf(context, listFlag(call, "key"), { directory });
    const plan = { trigger, documents: paths.length, signatures: signers.length };
    if (isDryRun(call))
      return {
        data: { ...plan, taken: false },
        findings: [],
        view: [{ type: "line", mark: "none", text: `Would take a snapshot of ${paths.length} documents` }],
      };
    const { store, backend } = promotionSite(context, directory);
    const readArtifact = async (path: string): Promise<Uint8Array | null> => {
      const read = await readFileBounded(join(directory, path), { maxBytes: maxArtifactBytes, fs: context.fs, path });
      return read.ok ? read.value : null;
    };
    const taken = await takeSnapshot({ trigger, paths, readArtifact }, { store, backend, clock: context.clock, signers });
    const { snapshot, digest, recoveryPointMs, durationMs } = taken;
    return {
      data: { ...plan, taken: true, sequence: snapshot.sequence, digest, recoveryPointMs, durationMs },
      findings: [],
      view: [
        {
          type: "line",
          mark: signers.length === 0 ? "warn" : "pass",
          text: `Took snapshot ${snapshot.sequence} of ${paths.length} documents${signers.length === 0 ? ", which nobody has signed: none is restored without" : ""}`,
        },
        {
          type: "values",
          rows: [
            ["digest", digest],
            ["recovery point", recoveryPointMs === null ? "the first" : `${recoveryPointMs} ms`],
          ],
        },
      ],
    };
  },
};
