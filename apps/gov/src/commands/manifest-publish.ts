import { createManifestLedger, publishManifest } from "@gov/manifest/storage";
import { formatUtc } from "@gov/telemetry";
import { type Command, InputError, isDryRun, stringFlag, UsageError } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite, storeAt } from "../root/promotion-site.ts";
import { proveManifest, readManifest, sealedTime } from "../root/sealed-manifest.ts";

/** Years for which what is published cannot be removed, unless told otherwise (MAN-13). */
const defaultYears = 7;

/** Publishes a sealed manifest, once it is proven, to a registry: a folder with a ledger that only grows. */
export const manifestPublish: Command = {
  usage: "<manifest>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    to: { type: "string", value: "<folder>", description: "the registry (default: the store of the root)" },
    years: { type: "string", value: "<number>", description: `how long it cannot be removed (default: ${defaultYears})` },
  },
  examples: [
    "gov manifest publish frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml",
    "gov manifest publish frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml --to /srv/registry",
  ],
  async run(context, call) {
    const retentionYears = Number(stringFlag(call, "years") ?? defaultYears);
    if (!Number.isSafeInteger(retentionYears) || retentionYears < 1 || retentionYears > 100)
      throw new UsageError("--years must be a whole number from 1 to 100");
    const governed = await loadGoverned(context, call);
    const standing = await readManifest(context, call, governed);
    const { path, source } = standing;
    const { manifestId, sequence } = standing.model;
    await authorize(context, call, { place: governed, deed: { action: "manifest:publish", subject: { id: manifestId, path } } });
    const { verified } = await proveManifest(context, standing, { at: await sealedTime(context, standing) });
    const folder = stringFlag(call, "to");
    const { store, backend } = folder === undefined ? promotionSite(context, governed.root.directory) : storeAt(context, folder);
    const ledger = createManifestLedger(backend);
    const there = (await ledger.entries()).find((entry) => entry.sequence === sequence);
    const facts = { manifestId, sequence, digest: verified.digest };
    // Signatures that were added since are no reason to publish it again: an entry is never replaced.
    if (there?.manifest === verified.digest)
      return {
        data: { ...facts, published: true, entry: there },
        findings: [],
        view: [{ type: "line", mark: "pass", text: `${manifestId} is published as number ${sequence}, since ${there.publishedAt}` }],
      };
    if (isDryRun(call))
      return {
        data: { ...facts, published: false, entry: null },
        findings: [],
        view: [{ type: "line", mark: "none", text: `Would publish ${manifestId} as number ${sequence}` }],
      };
    const { manifestBytes, envelopeBytes } = source;
    if (envelopeBytes === null) throw new InputError("CLI_MANIFEST_UNREADABLE", `There is no envelope beside "${path}"`);
    const entry = await publishManifest(
      { model: verified.model, manifestBytes, envelopeBytes },
      { store, ledger, publishedAt: formatUtc(context.clock.now()), retentionYears },
    );
    return {
      data: { ...facts, published: true, entry },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `Published ${manifestId} as number ${sequence}, kept until ${entry.retainUntil}` }],
    };
  },
};
