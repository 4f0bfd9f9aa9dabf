/** What of something is covered. */
export interface CoverageCount {
  readonly covered: number;
  readonly total: number;
  /** From 0 to 100, not rounded, from the counts; nothing to cover counts as covered. */
  readonly percent: number;
}

/** Coverage of one source file. */
export interface FileCoverage {
  /** As the report names it. */
  readonly path: string;
  readonly lines: CoverageCount;
  readonly branches: CoverageCount;
}

/** Test coverage as read from any report: always counted, never taken from a rate that a report claims. */
export interface CoverageReport {
  /** The report it was read from. */
  readonly path: string;
  readonly lines: CoverageCount;
  readonly branches: CoverageCount;
  /** By path; a file that a report names twice is one, and what either run covered is covered. */
  readonly files: readonly FileCoverage[];
}

/** Counts covered things. */
export function coverageCount(covered: number, total: number): CoverageCount {
  return { covered, total, percent: total === 0 ? 100 : (covered / total) * 100 };
}

/** What is known of one file while a report is being read: hits per line, and per branch whether it was taken. */
export interface FileHits {
  readonly lines: Map<number, number>;
  readonly branches: Map<string, boolean>;
}

/** Returns the hits of a file, made on first mention. */
export function hitsOf(files: Map<string, FileHits>, path: string): FileHits {
  const known = files.get(path) ?? { lines: new Map<number, number>(), branches: new Map<string, boolean>() };
  files.set(path, known);
  return known;
}

/** Notes hits of a line; of two mentions the larger counts. */
export function addLine(hits: FileHits, line: number, count: number): void {
  hits.lines.set(line, Math.max(hits.lines.get(line) ?? 0, count));
}

/** Notes whether a branch was taken; taken once is taken. */
export function addBranch(hits: FileHits, key: string, taken: boolean): void {
  hits.branches.set(key, taken || hits.branches.get(key) === true);
}

/** Turns hits into counts, files sorted by path. */
export function reportOf(path: string, hits: ReadonlyMap<string, FileHits>): CoverageReport {
  const files = [...hits]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([file, { lines, branches }]): FileCoverage => {
      const coveredLines = [...lines.values()].filter((count) => count > 0).length;
      const taken = [...branches.values()].filter(Boolean).length;
      return { path: file, lines: coverageCount(coveredLines, lines.size), branches: coverageCount(taken, branches.size) };
    });
  return { path, ...totalOf(files), files };
}

/** Adds up the counts of files. */
export function totalOf(files: readonly FileCoverage[]): { readonly lines: CoverageCount; readonly branches: CoverageCount } {
  const sum = (of: "lines" | "branches"): CoverageCount =>
    coverageCount(
      files.reduce((total, file) => total + file[of].covered, 0),
      files.reduce((total, file) => total + file[of].total, 0),
    );
  return { lines: sum("lines"), branches: sum("branches") };
}
