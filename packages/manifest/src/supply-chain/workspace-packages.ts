/** A package of a workspace, its own or one that it needs. */
export interface WorkspacePackage {
  /** Unique in the workspace: `<name>@<version>`, with what it was resolved against where that matters. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** True for a package of the workspace itself. */
  readonly own: boolean;
  /** SPDX expression, or null when nobody says. */
  readonly license: string | null;
  /** Subresource integrity, or null for what is not downloaded. */
  readonly integrity: string | null;
  /** URL it is downloaded from, or null when the lockfile does not say. */
  readonly source: string | null;
  /** Ids of what it needs to run, sorted. */
  readonly dependsOn: readonly string[];
  /** Ids of what it is built and tested with, sorted. */
  readonly builtWith: readonly string[];
}

/** Everything a workspace consists of, as its lockfile has it. */
export interface WorkspacePackages {
  /** Sorted by id. */
  readonly packages: readonly WorkspacePackage[];
}

/** What the `package.json` of a workspace package says of it, as far as it is asked here. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
}

/** Sorts and freezes what a reader has found. @internal */
export function toWorkspacePackages(found: Iterable<WorkspacePackage>): WorkspacePackages {
  return { packages: [...found].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) };
}
