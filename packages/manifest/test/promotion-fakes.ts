import type { MemoryFileSystem } from "@gov/atomic-io/testing";
import { type ManifestModel, planManifest, sealManifest } from "@gov/manifest";
import {
  applyStatus,
  type ApplyPromotionOptions,
  type EntryLog,
  planPromotion,
  type PromotedManifest,
  type PromotionPlan,
  type PromotionRequest,
  type PromotionRules,
  type PromotionSource,
  planStatus,
  readPromotionBoard,
} from "@gov/manifest/promotion";
import { createMemoryBackend, createObjectStore } from "@gov/manifest/storage";
import { digestBytes } from "@gov/schema/canonical";
import { createLog } from "./log-fake.ts";
import { ann, ben, manifestInput } from "./manifest-fakes.ts";
import { clock, type Files, reader, sealedFiles, stateOf, trusted } from "./snapshot-fakes.ts";

export const rules: PromotionRules = {
  version: 1,
  environments: [
    { name: "staging", automatic: true },
    { name: "production", soakMs: 3_600_000 },
  ],
  approvals: 1,
};

/** A sealed manifest with the files it seals. */
export interface Sealed {
  readonly manifest: PromotedManifest;
  readonly model: ManifestModel;
  readonly source: PromotionSource;
}

export async function seal(files: Files, { sequence = 1 }: { readonly sequence?: number } = {}): Promise<Sealed> {
  const artifacts = Object.entries(files).map(([path, text]) => ({ path, digest: digestBytes(text), size: Buffer.byteLength(text) }));
  const manifestId = `MAN-${String(sequence)}`;
  const prior = sequence === 1 ? null : { manifestId: `MAN-${String(sequence - 1)}`, digest: digestBytes(String(sequence)) };
  const gateResults = { schema_lint: "PASS" };
  const planned = planManifest(manifestInput({ manifestId, sequence, prior, artifacts, gateResults }), { requiredGates: ["schema_lint"] });
  if (!planned.ok) throw new Error(planned.findings[0]?.message);
  const { manifestText, envelopeText, digest } = await sealManifest(planned.value, { signers: [ann.signer, ben.signer] });
  const [manifestBytes, envelopeBytes] = [new TextEncoder().encode(manifestText), new TextEncoder().encode(envelopeText)];
  const source = { manifestBytes, envelopeBytes, readArtifact: reader(files) };
  return { manifest: { manifestId, digest, sequence }, model: planned.value, source };
}

/** Tells the log that a manifest was reviewed and approved. */
export async function approve(manifest: PromotedManifest, log: EntryLog): Promise<void> {
  for (const to of ["review", "approved"] as const) {
    const planned = planStatus({ manifest, to, author: "ann", approvedBy: ["ben"] }, { board: await readPromotionBoard(log), rules });
    if (!planned.ok) throw new Error(planned.findings[0]?.message);
    await applyStatus(planned.value, { id: `${manifest.manifestId}/${to}`, actor: "ben", log, clock });
  }
}

export async function planned(request: PromotionRequest, log: EntryLog, by: PromotionRules = rules): Promise<PromotionPlan> {
  const plan = planPromotion(request, { board: await readPromotionBoard(log), rules: by, now: clock.now() });
  if (!plan.ok) throw new Error(plan.findings.map(({ message }) => message).join("; "));
  return plan.value;
}

/** What is promoted: wide enough for over 500 points of death. */
export const promotedFiles: Files = {
  ...sealedFiles,
  ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`d${String(index % 3)}/f${String(index)}.md`, `${String(index)}\n`])),
};

export const newState: string = JSON.stringify(Object.fromEntries(Object.entries(promotedFiles).sort(([a], [b]) => (a < b ? -1 : 1))));

/** Options over a root in memory; health and gate look at what stands there. */
export function promotionOn(
  fs: MemoryFileSystem,
  source: PromotionSource,
  more: Partial<ApplyPromotionOptions> = {},
): ApplyPromotionOptions {
  const backend = createMemoryBackend();
  return {
    ...{ run: "promotion-1", actor: "ann", journal: "/state/promotion", log: createLog(), clock, root: "/root", fs },
    ...{ backend, store: createObjectStore(backend, { clock }), source, policy: trusted, signers: [ann.signer, ben.signer], governed: [] },
    ports: { health: () => Promise.resolve(true), gate: () => Promise.resolve(JSON.stringify(stateOf(fs)) === newState) },
    ...more,
  };
}
