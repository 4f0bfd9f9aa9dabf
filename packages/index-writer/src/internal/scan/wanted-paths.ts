import { compileGlobs, type PathMatcher, type Result } from "@gov/schema";

/** Joins the three ways to say which files are wanted; globs that cannot be used are findings, and then nothing is wanted. */
export function wantedPaths(options: {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly matches?: PathMatcher | undefined;
}): Result<PathMatcher> {
  const { include, exclude, matches } = options;
  if (include === undefined && exclude === undefined) return { ok: true, value: matches ?? everyPath, findings: [] };
  const globs = compileGlobs({ include: include ?? ["**"], exclude });
  if (!globs.ok || matches === undefined) return globs;
  return { ok: true, value: (path) => globs.value(path) && matches(path), findings: [] };
}

const everyPath: PathMatcher = () => true;
