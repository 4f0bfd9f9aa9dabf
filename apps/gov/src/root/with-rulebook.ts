import { editYaml, parseDocument } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { loadDocuments, type LoadedDocuments, ruleDocuments } from "./load-documents.ts";
import type { Governed } from "./load-governed.ts";
import { readTextFile } from "./read-text-file.ts";

const usual = "rulebook.yaml";

/** The documents of a root as they were if a file were its approved rulebook, whatever the file says of its status. */
export async function withRulebook(context: Context, { root, documents }: Governed, file: string): Promise<LoadedDocuments> {
  const rulebooks = ruleDocuments(root, documents.artifacts).filter(({ kind }) => kind === "rulebook");
  const place = rulebooks.find(({ status }) => status === "approved")?.path ?? rulebooks[0]?.path ?? usual;
  const text = await readTextFile(context, file);
  const metadata = { id: "rulebook", version: "1.0.0", kind: "rulebook", title: "Rulebook" };
  const parsed = parseDocument({ path: file, bytes: new TextEncoder().encode(text) });
  const own = parsed.ok ? (parsed.value.data as { readonly metadata?: object } | null)?.metadata : undefined;
  const edited = editYaml(text, [{ op: "set", pointer: "/metadata", value: { ...metadata, ...own, status: "approved" } }], { path: file });
  if (!edited.ok) throw new InputError("CLI_RULES_UNUSABLE", `Cannot use "${file}" as a rulebook`, { findings: edited.findings });
  const others = rulebooks.map(({ path }) => [path, null] as const);
  const instead = new Map<string, Uint8Array | null>([...others, [place, new TextEncoder().encode(edited.value)]]);
  return loadDocuments(context, root, { instead });
}
