import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkDocuments, createKindRegistry, type DocumentInput } from "@gov/schema";
import { documentSchema, type DocumentsFixture, writeDocuments } from "../fixtures/documents.ts";
import type { Contender } from "../interleave.ts";
import type { Peers } from "../peers.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { contentCollectionsChecker } from "./content-collections.ts";

/** Reading and checking a folder of Markdown documents against one schema. */
export const checkDocumentsRows: readonly Row[] = [
  { id: "check-documents", title: "read, parse and validate 5,000 Markdown documents", prepare },
];

/** A contender that also says how many documents it found invalid. */
interface Checker {
  readonly name: string;
  readonly invalid: () => Promise<number> | number;
}

async function prepare({ random, peers, scratch, quick }: RowContext): Promise<PreparedRow> {
  const fixture = await writeDocuments(join(scratch, "content"), { count: quick ? 500 : 5_000, random });
  const own = ownChecker(fixture);
  const checkers = [
    own,
    await plainLoop(fixture, peers),
    await sameWorkLoop(fixture, peers),
    await veliteChecker(fixture, { peers, scratch }),
    await contentCollectionsChecker(fixture, { peers, scratch }),
  ];
  for (const { name, invalid } of checkers) {
    const found = await invalid();
    if (found !== fixture.invalid)
      throw new Error(`Cannot compare: "${name}" finds ${found} invalid documents, there are ${fixture.invalid}`);
  }
  return {
    subject: own.name,
    contenders: checkers.map(({ name, invalid }): Contender => ({ name, run: async () => void (await invalid()) })),
    rounds: quick ? 5 : 15,
    warmups: 1,
    notes: [
      `${fixture.count} documents, ${(fixture.bytes / 1e6).toFixed(1)} MB, ${fixture.invalid} invalid; all contenders find the same number. The files are in the page cache.`,
      "checkDocuments also hashes every document, finds duplicate ids and dangling references, and gives every finding its line and column; the plain loop gives a count.",
      "The plain loop is readFileSync, split at the fences, yaml parse, ajv validate with all errors. The one that does the same work also hashes the bytes, keeps the body, judges the metadata by a schema of their own, looks for duplicate ids, and gives each error its line and column.",
      "checkDocuments reads front matter that is plain beyond doubt without building the parser's syntax tree (docs/decisions/0027-plain-yaml.md); both loops use the parser.",
      "Velite and content-collections keep the raw body (no Markdown is rendered) and write their data files.",
    ],
  };
}

function ownChecker({ directory }: DocumentsFixture): Checker {
  const invalid = (): number => {
    const registry = createKindRegistry({ kinds: [{ name: "plan", include: ["**/*.md"], schema: documentSchema }] });
    if (!registry.ok) throw new Error(`Cannot register the kind: ${registry.findings.map((finding) => finding.message).join(", ")}`);
    const inputs: DocumentInput[] = listFiles(directory).map((path) => ({ path, bytes: readFileSync(join(directory, path)) }));
    const { findings } = checkDocuments(inputs, registry.value);
    return new Set(findings.filter((finding) => finding.severity === "error").map((finding) => finding.path)).size;
  };
  return { name: "@gov/schema checkDocuments", invalid };
}

interface Ajv {
  readonly compile: (schema: object) => (data: unknown) => boolean;
}

async function plainLoop({ directory }: DocumentsFixture, peers: Peers): Promise<Checker> {
  const { parse } = await peers.load<{ readonly parse: (text: string) => unknown }>("yaml");
  const ajv = await peers.load<{ readonly default: { readonly default: new (options: object) => Ajv } }>("ajv/dist/2020.js");
  const invalid = (): number => {
    const validate = new ajv.default.default({ allErrors: true }).compile(documentSchema);
    let count = 0;
    for (const path of listFiles(directory)) {
      const text = readFileSync(join(directory, path), "utf8");
      const end = text.indexOf("\n---\n", 4);
      if (!validate(parse(text.slice(4, end)))) count++;
    }
    return count;
  };
  return { name: `plain loop (${await peers.label("yaml")}, ${await peers.label("ajv")})`, invalid };
}

interface YamlNode {
  readonly range?: readonly number[] | null | undefined;
}

interface YamlDocument {
  readonly toJS: () => Readonly<Record<string, unknown>>;
  readonly getIn: (path: readonly string[], keepScalar: true) => YamlNode | undefined;
  readonly contents: YamlNode | null;
}

interface Yaml {
  readonly parseDocument: (text: string, options: object) => YamlDocument;
  readonly LineCounter: new () => { readonly linePos: (offset: number) => { readonly line: number; readonly col: number } };
}

interface Validate {
  (data: unknown): boolean;
  readonly errors?: readonly { readonly instancePath: string }[] | null;
}

const metadataSchema = {
  type: "object",
  properties: {
    id: { type: "string", minLength: 1 },
    version: { type: "string" },
    status: { enum: ["draft", "review", "approved"] },
    owners: { type: "array", items: { type: "string" } },
    tags: { type: "array", items: { type: "string" } },
  },
};

/** What a user would write to know as much: places, digests, metadata and duplicate ids, with the same parser and validator. */
async function sameWorkLoop({ directory }: DocumentsFixture, peers: Peers): Promise<Checker> {
  const { parseDocument, LineCounter } = await peers.load<Yaml>("yaml");
  const ajv = await peers.load<{ readonly default: { readonly default: new (options: object) => Ajv } }>("ajv/dist/2020.js");
  const invalid = (): number => {
    const own = new ajv.default.default({ allErrors: true });
    const judges = [own.compile(documentSchema), own.compile(metadataSchema)] as readonly Validate[];
    const ids = new Map<unknown, string>();
    const records: unknown[] = [];
    let count = 0;
    for (const path of listFiles(directory)) {
      const bytes = readFileSync(join(directory, path));
      const text = bytes.toString("utf8");
      const end = text.indexOf("\n---\n", 4);
      const lineCounter = new LineCounter();
      const document = parseDocument(text.slice(4, end), { version: "1.2", schema: "core", lineCounter, prettyErrors: false });
      const data = document.toJS();
      const errors = judges.flatMap((judge) => (judge(data) ? [] : (judge.errors ?? [])));
      const findings = errors.map(({ instancePath }) => {
        const node = document.getIn(instancePath.split("/").slice(1), true) ?? document.contents;
        return { path, ...lineCounter.linePos(node?.range?.[0] ?? 0) };
      });
      if (ids.has(data["id"])) findings.push({ path, line: 1, col: 1 });
      ids.set(data["id"], path);
      const digest = createHash("sha256").update(bytes).digest("hex");
      records.push({ path, data, digest, size: bytes.length, body: text.slice(end + 5) });
      if (findings.length > 0) count++;
    }
    return count;
  };
  return { name: "plain loop that does the same work", invalid };
}

interface Velite {
  readonly build: (options: object) => Promise<{ readonly plans: readonly unknown[] }>;
}

async function veliteChecker(fixture: DocumentsFixture, options: { readonly peers: Peers; readonly scratch: string }): Promise<Checker> {
  const { peers, scratch } = options;
  const { build } = await peers.load<Velite>("velite");
  await mkdir(join(scratch, "node_modules"));
  await symlink(join(await peers.directory(), "node_modules", "velite"), join(scratch, "node_modules", "velite"), "junction");
  const config = join(scratch, "velite.config.mjs");
  await writeFile(config, veliteConfig);
  const invalid = async (): Promise<number> => fixture.count - (await build({ config, logLevel: "silent" })).plans.length;
  return { name: await peers.label("velite"), invalid };
}

const veliteConfig = `import { defineConfig, s } from "velite";

const schema = s.object({
  id: s.string().regex(/^PLN-[0-9]+$/),
  version: s.string(),
  status: s.enum(["draft", "review", "approved"]),
  title: s.string().min(1),
  owners: s.array(s.string()).min(1),
  tags: s.array(s.string()),
  created: s.string().optional(),
  estimate: s.number().int().min(0).optional(),
  summary: s.string().optional(),
  body: s.raw(),
});

export default defineConfig({ root: "content", collections: { plans: { name: "Plan", pattern: "**/*.md", schema } } });
`;

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}
