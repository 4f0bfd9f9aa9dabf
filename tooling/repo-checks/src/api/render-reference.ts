import { format } from "prettier";
import ts from "typescript";
import { type Declared, entryExports, type ExportedName } from "../entry-exports.ts";
import { workspacePackages, type WorkspacePackage } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { parse } from "../source.ts";
import { declarationText } from "./declaration-text.ts";
import { type Doc, docOf, type DocTag, parseDoc } from "./doc-comment.ts";

/** Renders one page per package for readers: what each entry exports, with its doc comment, its signature and its examples; path to text. */
export async function renderReference(repo: Repo): Promise<ReadonlyMap<string, string>> {
  const packages = workspacePackages(repo);
  const pages = new Map<string, string>();
  for (const pkg of packages.filter(({ app }) => !app)) pages.set(referencePath(pkg), await renderPage(repo, packages, pkg));
  return pages;
}

/** Where the page of a package stands. */
function referencePath({ name }: Pick<WorkspacePackage, "name">): string {
  return `docs/api/${name.replace("@gov/", "")}.md`;
}

async function renderPage(repo: Repo, packages: readonly WorkspacePackage[], pkg: WorkspacePackage): Promise<string> {
  const entries = pkg.entries.filter(({ source }) => source.endsWith(".ts") && repo.files.has(source));
  const parts = [
    `# ${pkg.name}`,
    `Made by \`pnpm api\` from the doc comments; every example is run by \`pnpm doctest\`. What the package promises is in its [README](../../${pkg.folder}/README.md).`,
    entries.map(({ specifier }) => `- [\`${specifier}\`](#${slug(specifier)})`).join("\n"),
  ];
  for (const { specifier, source } of entries) parts.push(await renderEntry(repo, packages, { specifier, source, folder: pkg.folder }));
  return `${parts.join("\n\n")}\n`;
}

interface Entry {
  readonly specifier: string;
  readonly source: string;
  readonly folder: string;
}

async function renderEntry(repo: Repo, packages: readonly WorkspacePackage[], { specifier, source, folder }: Entry): Promise<string> {
  const exported = entryExports(repo, packages, source);
  const own = exported.filter(({ path, nodes }) => path.startsWith(`${folder}/`) && nodes.length > 0);
  const foreign = exported.filter((name) => !own.includes(name));
  const signatures = await formatted(own.map(({ nodes }) => signatureOf(nodes)));
  const first = parse(repo, source).getFullText();
  const comment = /^\s*(\/\*\*[^]*?\*\/)/.exec(first)?.[1];
  return [
    `## ${specifier}`,
    ...(comment === undefined ? [] : renderDoc({ ...parseDoc(comment) })),
    ...(foreign.length === 0 ? [] : [`Passed on from other packages: ${foreign.map(({ name }) => `\`${name}\``).join(", ")}.`]),
    ...own
      .map((name, index) => ({ name, signature: signatures[index] ?? "" }))
      .sort((a, b) => rankOf(a.name) - rankOf(b.name))
      .map(({ name, signature }) => renderName(name, signature)),
  ].join("\n\n");
}

/** What is called comes first, then values, then types; each in the order of the names. */
function rankOf({ nodes }: ExportedName): number {
  if (nodes.some((node) => ts.isFunctionDeclaration(node))) return 0;
  return nodes.some((node) => ts.isClassDeclaration(node) || ts.isVariableDeclaration(node)) ? 1 : 2;
}

function renderName({ name, nodes }: ExportedName, signature: string): string {
  const docs = nodes.map(docOf);
  const doc = docs.find(({ text }) => text !== "") ?? { text: "", tags: [] };
  const [text = "", ...rest] = renderDoc(doc);
  const members = nodes.flatMap(membersOf);
  const list = members.length === 0 ? [] : [members.map((member) => `- \`${member.name}\`: ${member.text}`).join("\n")];
  return [`### ${name}`, text, `\`\`\`ts\n${signature}\`\`\``, ...list, ...rest].filter((part) => part !== "").join("\n\n");
}

/** The text, then what the tags say: parameters, result, errors, examples. */
function renderDoc({ text, tags }: Doc): readonly string[] {
  const of = (name: string): readonly DocTag[] => tags.filter((tag) => tag.name === name);
  const params = of("param").map((tag) => withDefault(`- \`${tag.text.replace(/^(\S+)\s+(?:- )?/, "$1`: ")}`));
  return [
    text,
    ...(params.length === 0 ? [] : [params.join("\n")]),
    ...of("returns").map((tag) => `Returns: ${tag.text}`),
    ...of("default").map((tag) => `Default: ${tag.text}`),
    ...of("throws").map((tag) => `Throws ${tag.text}`),
    ...of("example").map((tag) => tag.text.replace(/^([^`\n][^\n]*)\n/, "**Example: $1**\n\n")),
  ];
}

interface Member {
  readonly name: string;
  readonly text: string;
}

/** The members of an interface or of an object type that have something to say, on one line each. */
function membersOf(node: ts.Node): readonly Member[] {
  const members = ts.isInterfaceDeclaration(node)
    ? node.members
    : ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type)
      ? node.type.members
      : [];
  return members.flatMap((member) => {
    const { text, tags } = docOf(member);
    const said = [text, ...tags.filter(({ name }) => name === "throws").map((tag) => `Throws ${tag.text}`), ...defaultOf(tags)];
    const line = withDefault(said.join(" ").replaceAll(/\s+/g, " ").trim());
    return member.name === undefined || line === "" ? [] : [{ name: member.name.getText(), text: line }];
  });
}

function defaultOf(tags: readonly DocTag[]): readonly string[] {
  return tags.filter(({ name }) => name === "default").map(({ text }) => `Default: ${text}.`);
}

/** A default that stands behind the text on its line, as most do. */
function withDefault(line: string): string {
  return line.replace(/(?:^| )@default(?:Value)? ([^@]+)$/, " Default: $1.").trim();
}

function signatureOf(nodes: Declared["nodes"]): string {
  const overloads = nodes.length > 1 ? nodes.filter((node) => !("body" in node && node.body !== undefined)) : nodes;
  return overloads.map((node) => declarationText(node).replace(/^export declare /, "")).join("\n");
}

const cut = "// 8< cut here";

/** One call for all: the formatter takes longer to begin than to end. */
async function formatted(signatures: readonly string[]): Promise<readonly string[]> {
  const text = await format(signatures.join(`\n${cut}\n`), { parser: "typescript", printWidth: 100 });
  return text.split(`${cut}\n`).map((one) => `${one.trim()}\n`);
}

/** The anchor that GitHub gives a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}
