import { resolve } from "node:path";
import type { Finding } from "@gov/schema";
import type { Block, Command } from "../command.ts";
import { rootFlags } from "../root/locate-root.ts";

/** Looks at everything that a root needs and says what to do about it; or lists the outputs that the seeds of this project name. */
export const doctor: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    outputs: { type: "boolean", description: "in a clone of gov itself: list what its seeds name, and where it is" },
  },
  examples: ["gov doctor", "gov doctor governance --format json", "gov doctor --outputs"],
  async run(context, call) {
    if (call.flags["outputs"] === true)
      return (await import("../root/list-outputs.ts")).listOutputs(context, resolve(context.cwd, call.positionals[0] ?? "."));
    const { examineRoot } = await import("../root/examine-root.ts");
    const examined = await examineRoot(context, call);
    const findings = examined.flatMap(({ name, mark, says, hint }): readonly Finding[] => {
      if (mark === "pass" || mark === "none") return [];
      const severity = mark === "fail" ? "error" : "warning";
      return [{ code: "CLI_UNHEALTHY", severity, message: `${name}: ${says}`, hint, path: null, line: null, column: null }];
    });
    const failed = examined.filter(({ mark }) => mark === "fail").length;
    const warned = examined.filter(({ mark }) => mark === "warn").length;
    return {
      data: { version: context.version, examined: examined.map(({ name, mark, says, hint = null }) => ({ name, mark, says, hint })) },
      findings,
      view: [
        ...examined.map(({ name, mark, says }): Block => ({ type: "line", mark, text: `${name}: ${says}` })),
        {
          type: "line",
          mark: failed > 0 ? "fail" : warned > 0 ? "warn" : "pass",
          text: `${examined.length} things examined: ${failed} to mend, ${warned} to look at`,
        },
      ],
    };
  },
};
