import { join } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { isManifestError, type VerifiedManifest, verifyManifest } from "@gov/manifest";
import type { TrustPolicy } from "@gov/manifest/sign";
import type { Finding } from "@gov/schema";
import { type Command, InputError, type Outcome, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { pathInRoot } from "../root/path-in-root.ts";
import { rootFlags } from "../root/locate-root.ts";
import { type SealedAt, sealedAt } from "../root/sealed-at.ts";
import { requireTrustPolicy, trustPolicyFile } from "../root/trust-policy.ts";

const maxArtifactBytes = 1 << 28;

/** Proves sealed manifests unchanged, and by whom they were sealed, without any network. */
export const manifestVerify: Command = {
  usage: "[manifest]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    policy: { type: "string", value: "<file>", description: `whose signatures are enough (default: ${trustPolicyFile} in the root)` },
    all: { type: "boolean", description: "the whole history: also the log, every cycle and snapshot, and the index" },
  },
  examples: [
    "gov manifest verify",
    "gov verify --all",
    "gov manifest verify frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml",
  ],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const policy = await requireTrustPolicy(context, governed.root.directory, stringFlag(call, "policy"));
    const paths =
      call.positionals.length > 0 ? call.positionals.map((word) => pathInRoot(context, governed, word)) : sealedManifests(governed);
    const isAll = call.flags["all"] === true;
    if (paths.length === 0 && !isAll)
      throw new InputError("CLI_NO_MANIFEST", "There is no sealed manifest to verify", { hint: "gov manifest seal makes one" });
    const at = await sealedAt(context, governed.root.directory);
    const results = await Promise.all(paths.map((path) => verifyOne(context, { governed, policy, path, at })));
    const outcome = summarize(results);
    if (!isAll) return outcome;
    const { partLine, verifyHistory } = await import("../root/verify-history.ts");
    const parts = await verifyHistory(context, governed, policy);
    const findings = parts.flatMap((part) => part.findings);
    const isBroken = findings.some(({ severity }) => severity === "error");
    return {
      data: { ...outcome.data, history: parts.map(({ part, says }) => ({ part, says })) },
      findings: [...outcome.findings, ...findings],
      exitCode: isBroken ? exitCodes.integrity : outcome.exitCode,
      view: [...outcome.view, ...parts.map(partLine)],
    };
  },
};

type Verification =
  | { readonly path: string; readonly verified: VerifiedManifest; readonly findings: readonly [] }
  | { readonly path: string; readonly verified: null; readonly findings: readonly Finding[] };

function sealedManifests({ documents }: Governed): readonly string[] {
  return documents.artifacts.filter(({ kind }) => kind === "handoff_manifest").map(({ path }) => path);
}

async function verifyOne(
  context: Context,
  options: { readonly governed: Governed; readonly policy: TrustPolicy; readonly path: string; readonly at: SealedAt },
): Promise<Verification> {
  const { governed, policy, path } = options;
  const { directory } = governed.root;
  const read = async (file: string): Promise<Uint8Array | null> => {
    const found = await readFileBounded(join(directory, file), { maxBytes: maxArtifactBytes, fs: context.fs, path: file });
    return found.ok ? found.value : null;
  };
  const manifestBytes = await read(path);
  if (manifestBytes === null)
    throw new InputError("CLI_MANIFEST_UNREADABLE", `Cannot read the manifest "${path}"`, {
      hint: "gov manifest verify alone verifies every sealed one",
    });
  try {
    const at = options.at(path, manifestBytes);
    const envelopeBytes = await read(`${path}.dsse.json`);
    return { path, verified: await verifyManifest({ manifestBytes, envelopeBytes, policy, at, readArtifact: read, path }), findings: [] };
  } catch (error) {
    if (isManifestError(error) && error.code === "MANIFEST_VERIFICATION_FAILED") return { path, verified: null, findings: error.findings };
    throw error;
  }
}

function summarize(results: readonly Verification[]): Outcome {
  const failed = results.some(({ verified }) => verified === null);
  return {
    data: {
      manifests: results.map(({ path, verified }) => ({
        path,
        verified: verified !== null,
        manifestId: verified?.model.manifestId ?? null,
        digest: verified?.digest ?? null,
        signers: verified?.signers ?? [],
      })),
    },
    findings: results.flatMap(({ findings }) => findings),
    exitCode: failed ? exitCodes.integrity : exitCodes.ok,
    view: results.map(({ path, verified }) =>
      verified === null
        ? { type: "line", mark: "fail", text: `${path} does not verify` }
        : {
            type: "line",
            mark: "pass",
            text: `${path}: ${verified.model.artifacts.length} documents unchanged, sealed by ${verified.signers.map(({ person, role }) => `${person} (${role})`).join(", ")}`,
          },
    ),
  };
}
