import { relative, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openDirectoryWatch, type Watch } from "@gov/atomic-io/watch";
import { scanFiles } from "@gov/index-writer";
import type { Call, Command } from "../command.ts";
import type { Context } from "../context.ts";
import { describeFailure } from "../failure.ts";
import { renderPretty } from "../render/pretty.ts";
import type { CheckResult } from "../root/check-cache.ts";
import { checkRoot } from "../root/check-root.ts";
import { locateRoot, rootFlags } from "../root/locate-root.ts";

/** Several files are often saved together: so long nothing may have changed before they are checked. */
const settleMs = 100;
const pollMs = 1000;

/** Checks again whenever a file of the root changes, until it is stopped; findings are told on standard error as they come. */
export const watch: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov watch", "gov watch governance"],
  async run(context, call) {
    const { directory } = await locateRoot(context, call, call.positionals[0]);
    const watches = new Map<string, Watch>();
    const changes = createSignal();
    const stopped = context.untilStopped().then(() => "stopped" as const);
    const follow = () => followFolders(context, directory, { watches, onChange: changes.raise });
    /** A watched folder tells of its files; that there is another folder, only looking again tells. */
    const nextChange = async (): Promise<"changed" | "stopped"> => {
      for (;;) {
        const timer = new AbortController();
        const tick = setTimeout(pollMs, "tick" as const, { signal: timer.signal }).catch(() => "tick" as const);
        const said = await Promise.race([stopped, changes.raised(), tick]);
        timer.abort();
        if (said !== "tick") return said;
        if (await follow()) return "changed";
      }
    };
    try {
      for (let runs = 1; ; runs++) {
        await follow();
        changes.lower();
        const last = await tellCheck(context, call);
        if ((await nextChange()) === "stopped")
          return {
            data: { checks: runs },
            findings: last?.findings ?? [],
            view: [{ type: "line", mark: "none", text: `Checked ${runs} time${runs === 1 ? "" : "s"}` }],
          };
        await setTimeout(settleMs);
      }
    } finally {
      await Promise.all([...watches.values()].map((one) => one.close()));
    }
  },
};

/** Checks once and tells what was found; what cannot be checked, such as a configuration that is being edited, is told as well and is no end. */
async function tellCheck(context: Context, call: Call): Promise<CheckResult | null> {
  try {
    const result = await checkRoot(context, call, { positional: call.positionals[0] });
    const errors = result.findings.filter(({ severity }) => severity === "error").length;
    const warnings = result.findings.filter(({ severity }) => severity === "warning").length;
    const text = `${result.files} files read, ${result.artifacts} artifacts: ${errors} errors, ${warnings} warnings`;
    const mark = errors > 0 ? "fail" : warnings > 0 ? "warn" : "pass";
    const shown = renderPretty({ data: {}, findings: result.findings, view: [{ type: "line", mark, text }] }, { colour: false });
    for (const line of shown.trimEnd().split("\n")) context.tell(line);
    return result;
  } catch (error) {
    const { message, code } = describeFailure(error);
    context.tell(`gov: ${message}  ${code}`);
    return null;
  }
}

/** Watches every folder that there is now, and no other; true when these are not the same as before. */
async function followFolders(
  context: Context,
  directory: string,
  { watches, onChange }: { readonly watches: Map<string, Watch>; readonly onChange: () => void },
): Promise<boolean> {
  const folders = new Set<string>();
  let isOther = false;
  const readdir = (path: string) => {
    // What the program keeps for itself changes whenever it checks.
    if (!relative(directory, path).split(sep).includes(".gov")) folders.add(path);
    return context.fs.readdir(path);
  };
  await scanFiles(directory, { fs: { ...context.fs, readdir } });
  for (const [folder, open] of watches)
    if (!folders.has(folder)) {
      isOther = true;
      watches.delete(folder);
      await open.close();
    }
  for (const folder of folders)
    if (!watches.has(folder)) {
      isOther = true;
      watches.set(folder, await openDirectoryWatch(folder, { fs: context.fs, onChange }));
    }
  return isOther;
}

interface Signal {
  readonly raise: () => void;
  readonly lower: () => void;
  /** Resolves once it is raised, at once where it is. */
  readonly raised: () => Promise<"changed">;
}

function createSignal(): Signal {
  let isRaised = false;
  let wake: () => void = () => undefined;
  return {
    raise: () => {
      isRaised = true;
      wake();
    },
    lower: () => {
      isRaised = false;
    },
    raised: () =>
      new Promise((resolve) => {
        wake = () => resolve("changed");
        if (isRaised) wake();
      }),
  };
}
