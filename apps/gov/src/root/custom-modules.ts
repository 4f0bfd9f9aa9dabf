import { join } from "node:path";
import { type CustomEvidence, customReader, customScripts, type EvidenceReader } from "@gov/gates";
import { readFileBounded } from "@gov/index-writer";
import type { Digest } from "@gov/schema/canonical";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";

const maxModuleBytes = 1 << 20;

/** Runs the modules that gates name and `modules` of the rulebook trusts, in a process that may read the root and nothing else. */
export function customPort(context: Context, { root, rules }: Governed, cycle: string): EvidenceReader<readonly CustomEvidence[]> {
  const { gates, modules = [] } = rules.rulebook;
  const trusted = modules.map(({ script, digest }) => ({ script, digest: prefixed(digest) }));
  return customReader(customScripts(gates), {
    policy: { trusted },
    modules: {
      read: async (script) => {
        const read = await readFileBounded(join(root.directory, script), { maxBytes: maxModuleBytes, fs: context.fs, path: script });
        if (!read.ok) throw new Error(read.findings[0]?.message ?? `Cannot read "${script}"`);
        return read.value;
      },
      run: ({ bytes }, { signal }) => context.runModule(bytes, { cwd: root.directory, input: { cycle }, signal }),
    },
  });
}

function prefixed(digest: string): Digest {
  return (digest.startsWith("sha256:") ? digest : `sha256:${digest}`) as Digest;
}
