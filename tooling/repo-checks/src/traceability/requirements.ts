import type { Repo } from "../repo.ts";

/** One row of docs/requirements.md. */
export interface Requirement {
  /** `HYD-01` */
  readonly id: string;
  readonly text: string;
  /** `HYD+TEL`; for a resolution, where the conflict stands; for an item of part D, what software can do. */
  readonly owner: string;
  /** A: requirements. B: resolutions of conflicts. D: what people do, and how software helps. */
  readonly part: "A" | "B" | "D";
}

/** Where the rows stand. */
export const requirementsPath = "docs/requirements.md";

/** Reads the rows of parts A, B and D, in their order. */
export function readRequirements(repo: Repo): readonly Requirement[] {
  return (repo.files.get(requirementsPath) ?? "").split(/\r?\n/).flatMap((line) => {
    const [, id = "", text = "", source = "", owner = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (!/^[A-Z]{1,3}-\d{2}$/.test(id)) return [];
    const part = id.startsWith("B-") ? "B" : id.startsWith("D-") ? "D" : "A";
    return [{ id, text, owner: part === "B" ? source : owner, part }];
  });
}
