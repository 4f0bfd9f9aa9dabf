import { decisionArchives, decisionLog } from "./decision-log.ts";

/** What git is told about a governed root; `init` and `migrate` write it where nothing stands. */
export const gitFiles = [
  {
    path: ".gov/.gitignore",
    content: "# Made again from the documents whenever it is missing.\n*\n",
    detail: "caches and journals stay out of git",
  },
  {
    path: ".gitattributes",
    content: `# Each branch keeps its entries; gov audit join joins their ends. Sealed and indexed bytes are exact.\n${decisionLog} merge=union -text\n${decisionArchives}/*.jsonl merge=union -text\n*-handoff_manifest.yaml -text\nartifacts_index.json -text\n`,
    detail: "logs merge by union, sealed bytes stay exact",
  },
] as const;
