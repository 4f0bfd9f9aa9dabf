import { join } from "node:path";
import { isTemporaryName } from "@gov/atomic-io";
import type { Finding } from "@gov/schema";
import { fileFinding } from "../../scan/file-finding.ts";
import { createIgnoreRules, type IgnoreRules } from "./ignore-rules.ts";
import { ignoreText, rulesAbove, slashed } from "./repository-rules.ts";
import type { Breathe } from "../../scan/scan-file-system.ts";
import { isStat, type SeenFile, type TreeListing, type TreeReader } from "./tree-reader.ts";

/** What a walk goes by. */
export interface WalkInput {
  readonly tree: TreeReader;
  /** Real path of the root. */
  readonly root: string;
  readonly matches: (path: string) => boolean;
  readonly skip: ReadonlySet<string>;
  readonly maxDepth: number;
  readonly symlinks: "follow_inside" | "refuse" | "skip";
  readonly gitignore: "respect" | "disregard";
  readonly signal: AbortSignal | undefined;
  readonly breathe: Breathe;
}

/** A file of the tree with what it looked like. */
interface WalkedFile {
  readonly path: string;
  readonly absolute: string;
  readonly stat: SeenFile;
}

/** What a walk has found. */
export interface Walked {
  /** In the order of the paths by code unit, each once, unless a name was respelled. */
  readonly files: WalkedFile[];
  /** True when a name is spelled in another Unicode form than NFC. */
  readonly respelled: boolean;
  readonly findings: Finding[];
  /** Topmost entries that a `.gitignore` leaves out; a directory ends with a slash. */
  readonly ignored: string[];
}

/** A walk as far as it has come. */
interface Walk extends WalkInput, Walked {
  /** Files and, in their places, null for those that are still to be examined. */
  readonly found: { readonly path: string; readonly absolute: string; stat: SeenFile | null }[];
  respelled: boolean;
  /** Entries since other work had its turn. */
  entries: number;
}

interface Directory {
  readonly absolute: string;
  /** Relative to the root with a slash at its end; empty for the root itself. */
  readonly prefix: string;
  readonly depth: number;
  readonly name: string;
  /** Of the directory above; null for the root. */
  readonly above: IgnoreRules | null;
}

const breatheEvery = 1_000;

/** Walks the tree under the root. */
export async function walkTree(input: WalkInput): Promise<Walked> {
  const walk: Walk = { ...input, found: [], files: [], findings: [], ignored: [], entries: 0, respelled: false };
  await walkDirectory(walk, { absolute: input.root, prefix: "", depth: 0, name: "", above: null });
  const seen = await input.tree.examined(input.signal);
  let examined = 0;
  for (const file of walk.found) {
    file.stat ??= takeSeen(walk, file.path, seen[examined++]);
    if (file.stat !== null) walk.files.push(file as WalkedFile);
  }
  return walk;
}

async function walkDirectory(walk: Walk, directory: Directory): Promise<void> {
  walk.signal?.throwIfAborted();
  const { tree, skip } = walk;
  const shown = directory.prefix.slice(0, -1) || ".";
  if (directory.depth > walk.maxDepth) {
    walk.findings.push(fileFinding("INDEX_DEPTH_EXCEEDED", shown, `the directory is more than ${walk.maxDepth} deep`));
    return;
  }
  let listed: TreeListing;
  try {
    const listing = tree.list(directory.absolute);
    listed = listing instanceof Promise ? await listing : listing;
  } catch (error) {
    walk.findings.push(fileFinding("INDEX_DIRECTORY_UNREADABLE", shown, `the directory cannot be read: ${reasonOf(error)}`));
    return;
  }
  const rules = await rulesIn(walk, directory, listed);
  const before = slashed(directory.absolute);
  const { names, kinds, seen } = listed;
  const { spelled: spellings, order } = inOrder(listed);
  walk.respelled ||= spellings !== names;
  for (let step = 0; step < names.length; step++) {
    const at = order?.[step] ?? step;
    const name = names[at] as string;
    const spelled = spellings[at] as string;
    const kind = kinds[at];
    if (name.startsWith(".") && isTemporaryName(name)) continue;
    const isDirectory = kind === "directory";
    if (isDirectory && (skip.has(name) || skip.has(spelled))) continue;
    const path = directory.prefix + spelled;
    if (rules.ignores(name, isDirectory)) {
      walk.ignored.push(isDirectory ? `${path}/` : path);
      continue;
    }
    const absolute = before + name;
    if (isDirectory) await walkDirectory(walk, { absolute, prefix: `${path}/`, depth: directory.depth + 1, name, above: rules });
    else if (walk.matches(path)) {
      if (kind === "symlink") await takeLinked(walk, { path, absolute });
      else if (kind === "file" && seen === null) {
        walk.found.push({ path: tree.examine({ path, absolute, respelled: walk.respelled }), absolute, stat: null });
      } else takeEntry(walk, { path, absolute }, { kind, seen: seen === null ? null : seen[at] });
    }
  }
  walk.entries += names.length;
  if (walk.entries < breatheEvery) return;
  walk.entries = 0;
  await walk.breathe();
}

async function rulesIn(walk: Walk, { name, above, absolute }: Directory, listed: TreeListing): Promise<IgnoreRules> {
  if (walk.gitignore === "disregard") return above ?? createIgnoreRules(null);
  if (above === null) return rulesAbove(walk.tree.fs, walk.root);
  const hasOwn = listed.names.includes(".gitignore");
  return above.enter(name, hasOwn ? await ignoreText(walk.tree.fs, absolute) : null);
}

/** The names of a directory in NFC, and the order of the paths they lead to; null for the order in which they are listed. */
function inOrder({ names, kinds }: TreeListing): { readonly spelled: readonly string[]; readonly order: readonly number[] | null } {
  const spelled = names.every((name) => ascii.test(name)) ? names : respelled(names);
  // A directory stands where its name and a slash would.
  const keyOf = (at: number): string => (kinds[at] === "directory" ? `${spelled[at] as string}/` : (spelled[at] as string));
  let before = "";
  const isSorted = spelled.every((_, at) => before <= (before = keyOf(at)));
  if (isSorted) return { spelled, order: null };
  const keys = spelled.map((_, at) => keyOf(at));
  const key = (at: number): string => keys[at] as string;
  return { spelled, order: [...keys.keys()].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)) };
}

// Such a name has one spelling.
const ascii = /^[\0-\x7f]*$/;

/** The same list when every name is in NFC already. */
function respelled(names: readonly string[]): readonly string[] {
  const spelled = names.map((name) => name.normalize("NFC"));
  return spelled.every((each, at) => each === names[at]) ? names : spelled;
}

function takeEntry(
  walk: Walk,
  at: { readonly path: string; readonly absolute: string },
  { kind, seen }: { readonly kind: TreeListing["kinds"][number] | undefined; readonly seen: unknown },
): void {
  const stat = kind === "other" ? special(walk, at.path) : takeSeen(walk, at.path, seen);
  if (stat !== null) walk.found.push({ path: at.path, absolute: at.absolute, stat });
}

/** What a file looks like, if it can be taken. */
function takeSeen(walk: Walk, path: string, seen: unknown): SeenFile | null {
  if (!isStat(seen)) {
    walk.findings.push(fileFinding("INDEX_FILE_UNREADABLE", path, `the file cannot be examined: ${reasonOf(seen)}`));
    return null;
  }
  if (seen.kind === "file") return seen;
  walk.findings.push(fileFinding("INDEX_FILE_CHANGED", path, "it was replaced by something else while it was looked at"));
  return null;
}

function special(walk: Walk, path: string): null {
  walk.findings.push(fileFinding("INDEX_FILE_SPECIAL", path, "the file is a pipe, a socket or a device"));
  return null;
}

async function takeLinked(walk: Walk, { path, absolute }: { readonly path: string; readonly absolute: string }): Promise<void> {
  if (walk.symlinks === "skip") return;
  if (walk.symlinks === "refuse") {
    walk.findings.push(fileFinding("INDEX_LINK_REFUSED", path, "it is a symbolic link, and links are refused here"));
    return;
  }
  try {
    const { fs } = walk.tree;
    const real = await fs.realpath(absolute);
    const stat = await fs.stat(real);
    if (stat.kind === "directory") return;
    if (stat.kind !== "file") walk.findings.push(fileFinding("INDEX_FILE_SPECIAL", path, "the link leads to a pipe, a socket or a device"));
    else if (!real.startsWith(join(walk.root, "/")))
      walk.findings.push(fileFinding("INDEX_LINK_OUTSIDE", path, "the link leads out of the root"));
    else walk.found.push({ path, absolute: real, stat });
  } catch (error) {
    walk.findings.push(fileFinding("INDEX_FILE_UNREADABLE", path, `the link cannot be followed: ${reasonOf(error)}`));
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "an unknown error";
}
