import { join } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { applyCoSignatures } from "@gov/manifest";
import { addSignatures, parseEnvelope } from "@gov/manifest/sign";
import { type Command, InputError, isDryRun } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { proveManifest, readManifest } from "../root/sealed-manifest.ts";
import { requireSigners } from "../root/signing-key.ts";

/** Adds signatures to a sealed manifest, which stays as it is; what does not verify by those who have signed so far is not signed. */
export const manifestCosign: Command = {
  usage: "<manifest>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    key: { type: "string", multiple: true, value: "<file>", description: "private key (PEM) of a signer (default: GOV_SIGNING_KEY)" },
  },
  examples: ["gov manifest cosign frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml --key ~/.config/gov/ben.pem"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const found = await readManifest(context, call, governed);
    const { path } = found;
    const { manifestId } = found.model;
    const signers = await requireSigners(context, call, { directory });
    await authorize(context, call, { place: governed, deed: { action: "manifest:cosign", subject: { id: manifestId, path } } });
    // One trusted signature is enough here: the others are what is being collected.
    await proveManifest(context, found, { required: 1 });
    const envelopePath = `${path}.dsse.json`;
    const read = await readFileBounded(join(directory, envelopePath), { maxBytes: 1 << 24, fs: context.fs, path: envelopePath });
    if (!read.ok) throw new InputError("CLI_MANIFEST_UNREADABLE", `Cannot read "${envelopePath}"`, { findings: read.findings });
    const envelope = await addSignatures(parseEnvelope(read.value), signers);
    const { signatures } = isDryRun(call) ? envelope : await applyCoSignatures(join(directory, envelopePath), envelope, { fs: context.fs });
    const count = `${signatures.length} ${signatures.length === 1 ? "signature" : "signatures"}`;
    return {
      data: { manifestId, path, signatures: signatures.length, signed: !isDryRun(call) },
      findings: [],
      view: [
        {
          type: "line",
          mark: "pass",
          text: `${manifestId} ${isDryRun(call) ? "would carry" : "carries"} ${count}`,
        },
      ],
    };
  },
};
