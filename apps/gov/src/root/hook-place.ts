import { dirname, join, relative, sep } from "node:path";
import type { Context } from "../context.ts";
import { isInside } from "./is-inside.ts";
import { isThere } from "./is-there.ts";
import { writtenPath } from "./written-path.ts";

/**
 * Lets a call write where git looks for hooks. What git keeps in a folder of its own, or is told of elsewhere, comes with no clone: a link there is the person's, and
 * followed as git does. A folder of the working tree that `core.hooksPath` names may be a link that somebody has committed, which must not lead out of the tree.
 */
export async function admitHooks(context: Context, directory: string, hooks: string): Promise<void> {
  const top = await topOf(context, directory);
  const isCommitted = isInside(top, hooks) && !relative(top, hooks).split(sep).includes(".git");
  if (isCommitted) await writtenPath(context, top, join(relative(top, hooks), "pre-commit"));
  context.writesBelow(hooks);
}

/** What git runs before each commit, at the top of the working tree: the check of what the commit would hold of this root. */
export async function hookText(context: Context, directory: string): Promise<string> {
  const below = relative(await topOf(context, directory), directory)
    .split(sep)
    .join("/");
  // Quoted for a shell; after "./" no name is taken for a flag.
  const root = below === "" ? "" : ` '${below.replace(/^-/, "./-").replaceAll("'", "'\\''")}'`;
  const check = `gov check${root} --staged --quiet`;
  return [
    "#!/bin/sh",
    "# Checks what the commit would hold. Written by gov init.",
    `if [ -x node_modules/.bin/gov ]; then exec node_modules/.bin/${check}; fi`,
    "exec 3>&1",
    `told=$(npx --no-install ${check} 2>&1 >&3)`,
    "code=$?",
    // Where npx is none, or finds none: it would only tell of a registry that has no such package.
    'case "$code $told" in',
    "127* | [1-9]*'npm error'* | [1-9]*'npm ERR!'*)",
    "  echo 'gov: Cannot check this commit: @gov/cli is not installed here' >&2",
    "  echo '     → npm install --save-dev @gov/cli, then commit again; git commit --no-verify skips the check' >&2",
    "  exit 1 ;;",
    "esac",
    `[ -z "$told" ] || printf '%s\\n' "$told" >&2`,
    'exit "$code"',
    "",
  ].join("\n");
}

/** The folder of the working tree. */
async function topOf(context: Context, directory: string): Promise<string> {
  for (let folder = directory; ; folder = dirname(folder)) {
    if ((await isThere(context, join(folder, ".git"))) || dirname(folder) === folder) return folder;
  }
}
