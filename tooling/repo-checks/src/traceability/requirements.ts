import type { Repo } from "../repo.ts";

/** One row of docs/requirements.md. */
export interface Requirement {
  /** `HYD-01` */
  readonly id: string;
  readonly text: string;
  /** `HYD+TEL`; for a resolution, where the conflict stands. */
  readonly owner: string;
  /** True for a row of part B. */
  readonly resolution: boolean;
}

/** Where the rows stand. */
export const requirementsPath = "docs/requirements.md";

/** Reads the rows of parts A and B, in their order. */
export function readRequirements(repo: Repo): readonly Requirement[] {
  return (repo.files.get(requirementsPath) ?? "").split(/\r?\n/).flatMap((line) => {
    const [, id = "", text = "", source = "", owner = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return /^[A-Z]{1,3}-\d{2}$/.test(id)
      ? [{ id, text, owner: id.startsWith("B-") ? source : owner, resolution: id.startsWith("B-") }]
      : [];
  });
}
