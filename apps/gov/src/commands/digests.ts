import { basename, resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { checkArtifactDigests, createArtifactDigests, type DigestedArtifact, renderArtifactDigests } from "@gov/manifest/supply-chain";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { formatUtc } from "@gov/telemetry";
import { type Call, type Command, InputError, listFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { readArtifactDigests, readNamedFile } from "../root/artifact-digests.ts";

const maxBytes = 1 << 30;

/** Prints `artifact_digests.json`: what was built from the commit that is checked out, by digest; or checks files against one. */
export const digests: Command = {
  usage: "[file...]",
  maxPositionals: 1000,
  flags: {
    manifest: { type: "string", multiple: true, value: "<file>", description: "a manifest that was built" },
    config: { type: "string", multiple: true, value: "<file>", description: "a configuration that was built" },
    image: { type: "string", multiple: true, value: "<name@sha256:…>", description: "an image, by the digest that its registry knows" },
    check: { type: "string", value: "<file>", description: "an artifact_digests.json: are the files beside it the listed ones?" },
  },
  examples: ["gov digests dist/app.tgz --config app.yaml", "gov digests --check artifact_digests.json"],
  async run(context, call) {
    const list = stringFlag(call, "check");
    if (list !== undefined) return check(context, list);
    const artifacts = await namedArtifacts(context, call);
    if (artifacts.length === 0) throw new UsageError("Missing the files that were built");
    const commit = await context.git.revision(context.cwd);
    if (commit === null) throw new InputError("CLI_NO_REVISION", "Cannot list what was built: there is no commit that it was built from");
    const listed = createArtifactDigests({ commit, generatedAt: formatUtc(context.clock.now()), artifacts });
    return { data: { digests: listed }, findings: [], view: [{ type: "raw", text: renderArtifactDigests(listed) }] };
  },
};

async function namedArtifacts(context: Context, call: Call): Promise<readonly DigestedArtifact[]> {
  const files = [
    ...call.positionals.map((file) => ({ file, type: "artifact" }) as const),
    ...listFlag(call, "manifest").map((file) => ({ file, type: "manifest" }) as const),
    ...listFlag(call, "config").map((file) => ({ file, type: "config" }) as const),
  ];
  const read = await Promise.all(
    files.map(async ({ file, type }) => ({ name: basename(file), type, digest: digestBytes(await readNamedFile(context, file)) })),
  );
  const images = listFlag(call, "image").map((image): DigestedArtifact => {
    const [name = "", hex] = image.split("@sha256:");
    if (name === "" || !/^[0-9a-f]{64}$/.test(hex ?? "")) throw new UsageError(`"${image}" is no <name@sha256:…>`);
    return { name, type: "image", digest: `sha256:${String(hex)}` satisfies Digest };
  });
  const all = [...read, ...images];
  const twice = all.find(({ name }, place) => all.findIndex((one) => one.name === name) !== place);
  if (twice !== undefined) throw new UsageError(`Two files are named "${twice.name}": a list says of each name one thing`);
  return all;
}

async function check(context: Context, list: string): ReturnType<Command["run"]> {
  const listed = await readArtifactDigests(context, list);
  const findings = await checkArtifactDigests(listed, async (name) => {
    const read = await readFileBounded(resolve(context.cwd, list, "..", name), { maxBytes, fs: context.fs, path: name });
    return read.ok ? read.value : null;
  });
  const count = listed.artifacts.length;
  return {
    data: { commit: listed.commit, artifacts: count },
    findings,
    exitCode: findings.length > 0 ? exitCodes.integrity : exitCodes.ok,
    view: [
      findings.length > 0
        ? { type: "line", mark: "fail", text: `${findings.length} of ${count} artifacts are not what was built` }
        : { type: "line", mark: "pass", text: `${count} artifacts are what was built from ${listed.commit}` },
    ],
  };
}
