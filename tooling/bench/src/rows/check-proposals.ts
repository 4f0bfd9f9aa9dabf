import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkDocuments, createKindRegistry } from "@gov/schema";
import type { Contender } from "../interleave.ts";
import type { Peers } from "../peers.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Judging real YAML that nobody here wrote, beside a linter for YAML. */
export const checkProposalsRows: readonly Row[] = [
  { id: "check-proposals", title: "judge 656 enhancement proposals (kep.yaml) by one schema", prepare },
];

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["title", "kep-number", "authors", "owning-sig", "status"],
  properties: {
    title: { type: "string", minLength: 1 },
    "kep-number": { type: ["string", "integer"] },
    authors: { type: "array", items: { type: "string", pattern: "^@" }, minItems: 1 },
    "owning-sig": { type: "string", pattern: "^(sig|wg)-" },
    status: { enum: ["provisional", "implementable", "implemented", "deferred", "rejected", "withdrawn", "replaced"] },
  },
};

interface Document {
  readonly path: string;
  readonly text: string;
  readonly bytes: Uint8Array;
}

interface Checker {
  readonly name: string;
  /** Paths of the documents that break the schema. */
  readonly invalid: () => Promise<ReadonlySet<string>> | ReadonlySet<string>;
}

async function prepare({ peers, quick }: RowContext): Promise<PreparedRow> {
  const documents = readProposals().slice(0, quick ? 80 : undefined);
  const own = ownChecker(documents);
  const spectral = await spectralChecker(documents, peers);
  const [ours, theirs] = [await own.invalid(), await spectral.invalid()];
  const differing = [...documents.map(({ path }) => path)].filter((path) => ours.has(path) !== theirs.has(path));
  if (differing.length > 0) throw new Error(`Cannot compare: the two differ on ${differing.slice(0, 5).join(", ")}`);
  const contenders = [own, spectral].map(({ name, invalid }): Contender => ({ name, run: async () => void (await invalid()) }));
  return {
    subject: own.name,
    contenders,
    rounds: quick ? 3 : 5,
    warmups: 1,
    notes: [
      `${String(documents.length)} documents, ${String(ours.size)} of them invalid for both; each problem with its line. The files are in memory.`,
      "Spectral runs one rule, its own `schema` function with this schema over the whole document, and none of its built-in rules.",
    ],
  };
}

function readProposals(): readonly Document[] {
  const folder = join(process.env["GOV_CORPORA"] ?? join(import.meta.dirname, "..", "..", "..", "..", "..", "shared", "corpora"), "keps");
  if (!existsSync(folder)) throw new Error(`Cannot find the proposals at "${folder}": set GOV_CORPORA`);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("kep.yaml"))
    .sort()
    .map((path) => {
      const bytes = readFileSync(join(folder, path));
      return { path: path.replaceAll("\\", "/"), bytes, text: bytes.toString("utf8") };
    });
}

function ownChecker(documents: readonly Document[]): Checker {
  const invalid = (): ReadonlySet<string> => {
    const registry = createKindRegistry({ kinds: [{ name: "kep", include: ["**/kep.yaml"], schema }] });
    if (!registry.ok) throw new Error("Cannot register the kind");
    const { findings } = checkDocuments(documents, registry.value);
    return new Set(findings.filter(({ code }) => code === "SCHEMA_VIOLATION").map(({ path }) => path ?? ""));
  };
  return { name: "@gov/schema checkDocuments", invalid };
}

interface SpectralCore {
  readonly Spectral: new () => {
    readonly setRuleset: (ruleset: object) => void;
    readonly run: (document: object) => Promise<readonly { readonly code: string | number }[]>;
  };
  readonly Document: new (text: string, parser: object, path: string) => object;
}

async function spectralChecker(documents: readonly Document[], peers: Peers): Promise<Checker> {
  const core = await peers.load<{ readonly default: SpectralCore }>("@stoplight/spectral-core");
  const functions = await peers.load<{ readonly default: { readonly schema: unknown } }>("@stoplight/spectral-functions");
  const parsers = await peers.load<{ readonly default: { readonly Yaml: object } }>("@stoplight/spectral-parsers");
  const { Spectral, Document } = core.default;
  const invalid = async (): Promise<ReadonlySet<string>> => {
    const spectral = new Spectral();
    const then = { function: functions.default.schema, functionOptions: { schema, allErrors: true } };
    spectral.setRuleset({ rules: { kep: { given: "$", severity: "error", then } } });
    const found = new Set<string>();
    for (const { path, text } of documents) {
      const results = await spectral.run(new Document(text, parsers.default.Yaml, path));
      if (results.some(({ code }) => code === "kep")) found.add(path);
    }
    return found;
  };
  return { name: await peers.label("@stoplight/spectral-core"), invalid };
}
