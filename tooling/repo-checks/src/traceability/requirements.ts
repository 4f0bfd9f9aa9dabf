import type { Repo } from "../repo.ts";

/** One row of docs/requirements.md. */
export interface Requirement {
  /** `HYD-01` */
  readonly id: string;
  readonly text: string;
  /** `HYD+TEL`, or empty for a resolution. */
  readonly owner: string;
}

/** Where the rows stand. */
export const requirementsPath = "docs/requirements.md";

/** Reads the rows of parts A and B, in their order. */
export function readRequirements(repo: Repo): readonly Requirement[] {
  return (repo.files.get(requirementsPath) ?? "").split(/\r?\n/).flatMap((line) => {
    const [, id = "", text = "", , owner = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return /^[A-Z]{1,3}-\d{2}$/.test(id) ? [{ id, text, owner: id.startsWith("B-") ? "" : owner }] : [];
  });
}
