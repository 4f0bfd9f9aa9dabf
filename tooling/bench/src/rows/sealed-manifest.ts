import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createArtifactReader, planManifest, sealManifest, verifyManifest } from "@gov/manifest";
import { createKeySigner, keyThumbprint, parseEnvelope, renderSigstoreBundles } from "@gov/manifest/sign";
import { restoreSnapshot } from "@gov/manifest/snapshot";
import { createFileBackend, createObjectStore } from "@gov/manifest/storage";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Sealing and verifying manifests, and restoring what they seal. */
export const sealedManifestRows: readonly Row[] = [
  {
    id: "verify-manifest-5k",
    title: "verify 5,000 sealed files, 40 MB, three signatures",
    prepare: (context) => prepareVerify(context, { count: 5_000, bytes: 8_000 }),
  },
  {
    id: "verify-manifest-100k",
    title: "verify 100,000 sealed files of 400 bytes",
    prepare: (context) => prepareVerify(context, { count: 100_000, bytes: 400 }),
  },
  { id: "seal-manifest-5k", title: "seal 5,000 files, 40 MB, with three signatures", prepare: prepareSeal },
  { id: "restore-5k", title: "restore 5,000 files of 400 bytes, every one read again", prepare: prepareRestore },
];

const at = "2024-01-15T10:00:00Z";
const people = ["ann", "ben", "eve"].map((person) => ({ person, ...generateKeyPairSync("ed25519") }));
const pem = (key: (typeof people)[number]): string => key.publicKey.export({ type: "spki", format: "pem" }).toString();
const policy = { version: 1, required: 3, keys: people.map((one) => ({ person: one.person, role: "lead", publicKey: pem(one) })) } as const;

interface Files {
  readonly root: string;
  readonly paths: readonly string[];
}

function writeFiles({ scratch, random, quick }: RowContext, { count, bytes }: { readonly count: number; readonly bytes: number }): Files {
  const root = join(scratch, "files");
  const paths = Array.from(
    { length: quick ? count / 10 : count },
    (_, index) => `d${String(index % 100).padStart(2, "0")}/artifact-${String(index).padStart(6, "0")}.md`,
  );
  for (let folder = 0; folder < 100; folder++) mkdirSync(join(root, `d${String(folder).padStart(2, "0")}`), { recursive: true });
  for (const path of paths) writeFileSync(join(root, path), Buffer.alloc(bytes, `${path} ${String(random())}\n`));
  return { root, paths };
}

async function seal({ root, paths }: Files) {
  const read = createArtifactReader(root);
  const artifacts = paths.map((path) => {
    const bytes = read(path) as Uint8Array;
    return { path, digest: digestBytes(bytes), size: bytes.length };
  });
  const planned = planManifest(
    {
      ...{ manifestId: "MAN-1", cycleId: "PLN-1", createdAt: at, createdBy: "ann", snapshotRev: "v1", rulebookHash: digestBytes("rules") },
      ...{ artifacts, gateResults: { schema_lint: "PASS" } },
      governance: { tags: [], criticalIssues: 0, criticalViolations: 0, decisionLogRef: null },
    },
    { requiredGates: ["schema_lint"] },
  );
  if (!planned.ok) throw new Error(planned.findings[0]?.message ?? "Cannot plan");
  return {
    model: planned.value,
    sealed: await sealManifest(planned.value, { signers: people.map(({ privateKey }) => createKeySigner(privateKey)) }),
  };
}

/** `sha256sum` over the same files, by as few processes as their names fit in. */
function sha256sum({ root, paths }: Files, scratch: string): () => string {
  const list = join(scratch, "names");
  writeFileSync(list, paths.join("\0"));
  return () => execFileSync("sh", ["-c", `xargs -0 sha256sum < "${list}"`], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
}

async function prepareVerify(context: RowContext, size: { readonly count: number; readonly bytes: number }): Promise<PreparedRow> {
  const files = writeFiles(context, size);
  const { model, sealed } = await seal(files);
  const [manifestBytes, envelopeBytes] = [Buffer.from(sealed.manifestText), Buffer.from(sealed.envelopeText)];
  const verify = () => verifyManifest({ manifestBytes, envelopeBytes, policy, at, readArtifact: createArtifactReader(files.root) });
  const sums = sha256sum(files, context.scratch);
  const sigstore = await sigstoreVerifier(context, sealed.envelopeText);
  if ((await verify()).signers.length !== 3) throw new Error("Cannot compare: three people must have signed");
  const listed = new Map(
    sums()
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(66), `sha256:${line.slice(0, 64)}`]),
  );
  if (model.artifacts.some(({ path, digest }) => listed.get(path) !== digest))
    throw new Error("Cannot compare: sha256sum gives other digests");
  return {
    subject: "@gov/manifest verifyManifest",
    contenders: [
      { name: "@gov/manifest verifyManifest", run: async () => void (await verify()) },
      { name: "sha256sum", run: () => void sums() },
      {
        name: `${await context.peers.label("@sigstore/verify")} and createHash`,
        run: () => {
          sigstore();
          for (const { path, digest } of model.artifacts)
            if (
              `sha256:${createHash("sha256")
                .update(readFileSync(join(files.root, path)))
                .digest("hex")}` !== digest
            )
              throw new Error(path);
        },
      },
    ],
    rounds: context.quick ? 3 : 7,
    warmups: 1,
    counts: new Map([["@gov/manifest verifyManifest", { [memoryCount]: countMemory(context.scratch, { manifestBytes, envelopeBytes }) }]]),
    notes: [
      `${String(files.paths.length)} files of ${String(size.bytes)} bytes in the page cache; the manifest is ${(manifestBytes.length / 1e6).toFixed(1)} MB. sha256sum only prints digests and compares none.`,
      "verifyManifest parses the manifest strictly, checks three signatures, the digest of file and model, and digest and size of each file. The sigstore contender verifies three bundles of the same envelope and hashes the files in a plain loop; it parses no manifest.",
      "The memory is the peak of a process of its own that verifies once, less the peak of one that does nothing.",
    ],
  };
}

/** Name of the count of resident memory. */
const memoryCount = "MB of memory above bare Node";

function countMemory(
  scratch: string,
  { manifestBytes, envelopeBytes }: { readonly manifestBytes: Uint8Array; readonly envelopeBytes: Uint8Array },
): number {
  writeFileSync(join(scratch, "manifest.yaml"), manifestBytes);
  writeFileSync(join(scratch, "manifest.yaml.dsse.json"), envelopeBytes);
  writeFileSync(join(scratch, "trust.json"), JSON.stringify({ policy, at }));
  const script = join(import.meta.dirname, "count-verify-memory.mjs");
  const peak = (...rest: readonly string[]): number =>
    Number(execFileSync(process.execPath, [...process.execArgv, script, ...rest], { encoding: "utf8" }));
  return peak(scratch) - peak();
}

interface SigstoreVerify {
  readonly toTrustMaterial: (root: object, keys: object) => object;
  readonly toSignedEntity: (bundle: object) => object;
  readonly Verifier: new (material: object, options: object) => { readonly verify: (entity: object) => unknown };
}

async function sigstoreVerifier({ peers }: RowContext, envelopeText: string): Promise<() => void> {
  const { bundleFromJSON } = await peers.load<{ readonly bundleFromJSON: (json: object) => object }>("@sigstore/bundle");
  const { toTrustMaterial, toSignedEntity, Verifier } = await peers.load<SigstoreVerify>("@sigstore/verify");
  const keys = Object.fromEntries(
    people.map((one) => {
      const rawBytes = createPublicKey(pem(one)).export({ type: "spki", format: "der" });
      return [keyThumbprint(pem(one)), { rawBytes, keyDetails: "PKIX_ED25519", validFor: { start: new Date(0) } }];
    }),
  );
  const material = toTrustMaterial({ mediaType: "", tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] }, keys);
  const verifier = new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  const bundles = renderSigstoreBundles(parseEnvelope(envelopeText));
  return () => {
    for (const bundle of bundles) verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle) as object)));
  };
}

async function prepareSeal(context: RowContext): Promise<PreparedRow> {
  const files = writeFiles(context, { count: 5_000, bytes: 8_000 });
  await seal(files);
  const sums = sha256sum(files, context.scratch);
  return {
    subject: "@gov/manifest planManifest, sealManifest",
    contenders: [
      { name: "@gov/manifest planManifest, sealManifest", run: async () => void (await seal(files)) },
      { name: "sha256sum", run: () => void sums() },
    ],
    rounds: context.quick ? 3 : 9,
    warmups: 1,
    notes: ["Reading and hashing the files included, writing the two files of the seal not. sha256sum signs nothing."],
  };
}

async function prepareRestore(context: RowContext): Promise<PreparedRow> {
  const files = writeFiles(context, { count: 5_000, bytes: 400 });
  const clock = { now: () => Date.parse(at), monotonicMs: () => performance.now() };
  const store = createObjectStore(createFileBackend(join(context.scratch, "store")), { clock });
  const artifacts: { readonly path: string; readonly digest: Digest; readonly size: number }[] = [];
  for (const path of [...files.paths].sort()) {
    const bytes = readFileSync(join(files.root, path));
    artifacts.push({ path, digest: await store.put(bytes), size: bytes.length });
  }
  const state = { snapshot: { artifacts }, digest: digestBytes(JSON.stringify(artifacts)) };
  // A new place each time, none removed in between: ext4 does not hand out again what was removed within the last minute, and searches past all of it at each file it creates.
  let places = 0;
  const fresh = (): string => {
    const target = join(context.scratch, `target-${String(places++)}`);
    mkdirSync(target);
    return target;
  };
  execFileSync("sync", ["-f", context.scratch]);
  return {
    subject: "@gov/manifest restoreSnapshot",
    contenders: [
      {
        name: "@gov/manifest restoreSnapshot",
        run: async () => {
          const { written } = await restoreSnapshot(fresh(), state, { store, clock });
          if (written.length !== artifacts.length) throw new Error("Cannot compare: not everything was restored");
        },
      },
      {
        name: "as many empty files created, nothing else",
        run: () => {
          const target = fresh();
          for (const folder of new Set(artifacts.map(({ path }) => dirname(path)))) mkdirSync(join(target, folder));
          for (const { path } of artifacts) closeSync(openSync(join(target, path), "wx"));
        },
      },
      {
        name: "cp -r, and sync (no verification)",
        run: () => {
          const target = fresh();
          cpSync(files.root, target, { recursive: true });
          execFileSync("sync", ["-f", target]);
        },
      },
    ],
    rounds: context.quick ? 2 : 5,
    warmups: 1,
    notes: [
      "What creating as many empty files takes is no work of anybody's, and the same for all: on ext4 a few times as long while files were removed there within the last minutes.",
      "Into an empty folder. restoreSnapshot verifies every object before, syncs every file, marks the restore as under way, and reads every file again; what stood there before is never half replaced.",
    ],
  };
}
