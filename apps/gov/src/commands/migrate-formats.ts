import { replaceFile } from "@gov/atomic-io";
import { type DocumentInput, type Finding, type MigratedDocument, migrateDocument, parseDocument, schemaMigrations } from "@gov/schema";
import { type Command, isDryRun } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";

/** Brings documents written in an older version of their format to the newest one, by edits that leave everything else as it stands. */
export const migrateFormats: Command = {
  usage: "",
  maxPositionals: 0,
  flags: { ...rootFlags, write: { type: "boolean", description: "change the documents; without it they are only listed" } },
  examples: ["gov migrate formats", "gov migrate formats --write"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const files = new Map(governed.documents.listed.map(({ path, absolute }) => [path, absolute]));
    const kinds = new Map(governed.documents.artifacts.map(({ path, kind }) => [path, kind]));
    const found = governed.documents.inputs.flatMap((input) => outdated(input, governed, kinds));
    const documents = found.flatMap(({ path, migrated }) => (migrated === null ? [] : [{ path, ...migrated }]));
    const findings = found.flatMap((one) => one.findings);
    const writes = call.flags["write"] === true;
    if (writes) await authorize(context, call, { place: governed, deed: { action: "root:migrate", subject: { id: "formats" } } });
    const changes = writes && !isDryRun(call);
    // On the disk a name may be in another Unicode form than the path of its document.
    if (changes) for (const { path, text } of documents) await replaceFile(files.get(path) as string, text, { fs: context.fs });
    const steps = documents.flatMap(({ path, plan }) => plan.steps.map(({ from, to, summary }) => ({ document: path, from, to, summary })));
    const count = `${documents.length} document${documents.length === 1 ? "" : "s"}`;
    const done = `${changes ? "Brought" : "Would bring"} ${count} to the newest version${changes ? "" : "; gov migrate formats --write does it"}`;
    return {
      data: { steps, changed: changes ? documents.length : 0 },
      findings,
      view: [
        ...(steps.length === 0
          ? []
          : [
              {
                type: "table",
                head: ["document", "from", "to", "what"],
                rows: steps.map(({ document, from, to, summary }) => [document, String(from), String(to), summary]),
              } as const,
            ]),
        { type: "line", mark: "pass", text: documents.length === 0 ? "Every document has the newest version of its format" : done },
      ],
    };
  },
};

interface Outdated {
  readonly path: string;
  readonly migrated: MigratedDocument | null;
  readonly findings: readonly Finding[];
}

/** What is to be done with a document: nothing where its kind has one version or it is in the newest. */
function outdated(input: DocumentInput, { root }: Governed, kinds: ReadonlyMap<string, string>): readonly Outdated[] {
  const { path, bytes } = input;
  const kind = kinds.get(path) ?? root.registry.kindByPath(path)?.definition.name;
  if (kind === undefined || !schemaMigrations.some((step) => step.kind === kind)) return [];
  const read = parseDocument(input, { limits: root.config.limits });
  if (!read.ok) return [{ path, migrated: null, findings: read.findings }];
  const migrated = migrateDocument({ path, text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) }, { kind });
  if (!migrated.ok) return [{ path, migrated: null, findings: migrated.findings }];
  return migrated.value.plan.steps.length === 0 ? [] : [{ path, migrated: migrated.value, findings: [] }];
}
