import { importTrivyignore } from "@gov/gates/waivers";
import { type Command, UsageError } from "../command.ts";
import { readTextFile } from "../root/read-text-file.ts";

/** Shows the entries of a `.trivyignore` or `.trivyignore.yaml` as the beginnings of waivers; ticket and signatures are still to come, so nothing is waived yet. */
export const waiverImport: Command = {
  usage: "<file>",
  maxPositionals: 1,
  flags: {},
  examples: ["gov waiver import .trivyignore", "gov waiver import .trivyignore.yaml"],
  async run(context, call) {
    const [path] = call.positionals;
    if (path === undefined) throw new UsageError("Missing the .trivyignore to import");
    const { drafts, findings } = importTrivyignore(await readTextFile(context, path), { path });
    return {
      data: { file: path, drafts },
      findings,
      view: [
        {
          type: "table",
          head: ["rule", "path", "expires", "reason"],
          rows: drafts.map(({ rule, path: limit, expires, reason }) => [rule, limit ?? "everywhere", expires, reason]),
        },
        {
          type: "line",
          mark: findings.length === 0 ? "pass" : "fail",
          text: `${String(drafts.length)} drafts of waivers, ${String(findings.length)} entries refused; gov waiver grant signs one`,
        },
      ],
    };
  },
};
