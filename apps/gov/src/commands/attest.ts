import { basename } from "node:path";
import {
  type Envelope,
  parseEnvelope,
  parseSigstoreBundle,
  renderEnvelope,
  renderSigstoreBundles,
  type Signer,
  type Statement,
  statementPayloadType,
  type TrustPolicy,
  verifySigstoreBundle,
} from "@gov/manifest/sign";
import {
  attestArtifact,
  attestStatement,
  createProvenance,
  provenancePredicate,
  spdxPredicate,
  verifyAttestation,
} from "@gov/manifest/supply-chain";
import { isJsonObject, type JsonObject } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { formatUtc } from "@gov/telemetry";
import { type Call, type Command, InputError, type Outcome, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { orRefuse } from "../or-refuse.ts";
import { readArtifactDigests, readNamedFile } from "../root/artifact-digests.ts";
import { requireSigners } from "../root/signing-key.ts";
import { requireTrustPolicy, trustPolicyFile } from "../root/trust-policy.ts";

const keyFlag = {
  key: { type: "string", multiple: true, value: "<file>", description: "private key (PEM) of a signer (default: GOV_SIGNING_KEY)" },
} as const;

const formFlag = {
  sigstore: { type: "boolean", description: "print a Sigstore bundle, which carries one signature" },
} as const;

const typeFlag = {
  type: { type: "string", value: "<type>", description: "spdx, provenance, or the URI of another predicate (default: spdx)" },
} as const;

/**
 * Prints a signed attestation of a file, such as its SBOM: in the form that `cosign verify-blob-attestation --key` reads, or as a Sigstore bundle for tools that read
 * nothing else.
 */
export const attest: Command = {
  usage: "<file>",
  maxPositionals: 1,
  flags: {
    ...keyFlag,
    ...formFlag,
    ...typeFlag,
    predicate: { type: "string", value: "<json>", description: "the file with what is said of it" },
  },
  examples: [
    "gov attest app.tgz --predicate sbom.spdx.json --key ~/.config/gov/release.pem",
    "gov attest app.tgz --predicate sbom.spdx.json --sigstore",
  ],
  async run(context, call) {
    const file = required(call.positionals[0], "the file to speak of");
    const predicate = await readJson(context, required(stringFlag(call, "predicate"), "--predicate"));
    const signers = await signersFor(context, call);
    const artifact = { name: basename(file), digest: digestBytes(await readNamedFile(context, file)) };
    return printed(call, await attestArtifact({ artifact, predicateType: predicateType(call), predicate }, signers));
  },
};

/** Prints a signed provenance (SLSA 1) of everything that a list of digests names. */
export const attestBuild: Command = {
  usage: "<artifact_digests.json>",
  maxPositionals: 1,
  flags: {
    ...keyFlag,
    ...formFlag,
    builder: { type: "string", value: "<uri>", description: "who built" },
    repository: { type: "string", value: "<uri>", description: "what it was built from, such as git+https://example.org/team/app" },
    "build-type": { type: "string", value: "<uri>", description: "how it was built" },
    run: { type: "string", value: "<name>", description: "name of the run of the build" },
    started: { type: "string", value: "<time>", description: "when it began, RFC 3339 (default: when the list was made)" },
    finished: { type: "string", value: "<time>", description: "when it ended, RFC 3339 (default: when the list was made)" },
  },
  examples: [
    "gov attest build artifact_digests.json --builder https://ci.example.org --build-type https://ci.example.org/npm --repository git+https://example.org/app --run 7",
  ],
  async run(context, call) {
    const digests = await readArtifactDigests(context, required(call.positionals[0], "the list of digests"));
    const flag = (name: string): string => required(stringFlag(call, name), `--${name}`);
    const facts = {
      ...{ builder: flag("builder"), repository: flag("repository"), buildType: flag("build-type"), invocation: flag("run") },
      startedAt: stringFlag(call, "started") ?? digests.generatedAt,
      finishedAt: stringFlag(call, "finished") ?? digests.generatedAt,
    };
    const signers = await signersFor(context, call);
    return printed(call, await attestStatement(await provenanceOf(digests, facts), signers));
  },
};

/**
 * Verifies an attestation of a file, offline: who signed it, what it is, and that it speaks of these very bytes. A Sigstore bundle of a key is verified by the same
 * policy; one of a certificate is refused, since nothing here proves a certificate.
 */
export const attestVerify: Command = {
  usage: "<file> <attestation>",
  maxPositionals: 2,
  flags: {
    ...typeFlag,
    policy: { type: "string", value: "<file>", description: `whose signatures are enough (default: ${trustPolicyFile})` },
  },
  examples: [
    "gov attest verify app.tgz app.tgz.spdx.intoto.json --policy trust_policy.yaml",
    "gov attest verify app.tgz app.tgz.spdx.sigstore.json",
  ],
  async run(context, call) {
    const file = required(call.positionals[0], "the file that it speaks of");
    const place = required(call.positionals[1], "the attestation");
    const policy = await requireTrustPolicy(context, context.cwd, stringFlag(call, "policy"));
    const at = formatUtc(context.clock.now());
    const envelope = envelopeOf(await readNamedFile(context, place), { policy, at });
    const artifact = await readNamedFile(context, file);
    const options = { policy, at, predicateType: predicateType(call), artifact };
    const { predicate, signers } = verifyAttestation(envelope, options);
    const people = signers.map(({ person, role }) => `${person} (${role})`).join(", ");
    return {
      data: { file, type: options.predicateType, signers, predicate },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `${place} speaks of ${file} as it stands, signed by ${people}` }],
    };
  },
};

/** Who signs; a bundle carries one signature, so that several signers would need as many files. */
async function signersFor(context: Context, call: Call): Promise<readonly Signer[]> {
  const signers = await requireSigners(context, call, { directory: context.cwd });
  if (call.flags["sigstore"] !== true || signers.length === 1) return signers;
  throw new UsageError(
    `--sigstore takes one signer: a bundle carries one signature, and ${signers.length} would sign`,
    "call it once for each --key, or print one envelope with all of them, without --sigstore",
  );
}

function printed(call: Call, envelope: Envelope): Outcome {
  if (call.flags["sigstore"] !== true)
    return { data: { attestation: envelope }, findings: [], view: [{ type: "raw", text: renderEnvelope(envelope) }] };
  const text = renderSigstoreBundles(envelope).join("");
  return { data: { attestation: parseSigstoreBundle(text).json }, findings: [], view: [{ type: "raw", text }] };
}

/**
 * The envelope of an attestation. What names a media type is a Sigstore bundle, and is read and verified as nothing else: one of a certificate, or of a version that is
 * not known, is refused.
 */
function envelopeOf(bytes: Uint8Array, who: { readonly policy: TrustPolicy; readonly at: string }): Envelope {
  if (!namesMediaType(bytes)) return parseEnvelope(bytes);
  const bundle = parseSigstoreBundle(bytes);
  verifySigstoreBundle(bundle, { ...who, payloadType: statementPayloadType });
  return bundle.envelope;
}

function namesMediaType(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isJsonObject(value) && Object.hasOwn(value, "mediaType");
  } catch {
    // What is no JSON is told by the reader of envelopes.
    return false;
  }
}

/** What a build is said to have been has to be sound; a URI or a time that is none is the caller's. */
function provenanceOf(...[digests, facts]: Parameters<typeof createProvenance>): Promise<Statement> {
  return orRefuse(
    () => createProvenance(digests, facts),
    (message) => new UsageError(message),
  );
}

function predicateType(call: Call): string {
  const word = stringFlag(call, "type") ?? "spdx";
  const type = { spdx: spdxPredicate, provenance: provenancePredicate }[word] ?? word;
  if (!URL.canParse(type)) throw new UsageError(`"${word}" is no type of a predicate`, "spdx, provenance, or a URI");
  return type;
}

async function readJson(context: Context, file: string): Promise<JsonObject> {
  const text = new TextDecoder().decode(await readNamedFile(context, file));
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new InputError("CLI_FILE_UNREADABLE", `Cannot use "${file}": it is no JSON object`);
}

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new UsageError(`Missing ${what}`);
  return value;
}
