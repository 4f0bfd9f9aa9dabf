import { parseArgs } from "node:util";
import { type Call, type Command, type Flags, type Outcome, UsageError } from "./command.ts";
import { commands } from "./commands/index.ts";
import type { Context } from "./context.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { describeFailure, renderFailure } from "./failure.ts";
import { renderCommandHelp, renderHelp } from "./render/help.ts";
import { renderJson } from "./render/json.ts";
import { renderText } from "./render/text.ts";

/** Where output goes; results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour: boolean;
}

const globalOptions = {
  format: { type: "string" },
  "fail-on": { type: "string" },
  debug: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

/** Runs one command line and returns its exit code. Never throws: a defect is exit code 70. */
export async function main(argv: readonly string[], context: Context, terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(argv, context, terminal);
  } catch (error) {
    return reportFailure(error, argv, terminal);
  }
}

/** Tells what was thrown, in the format that the command line asks for, and returns its exit code. */
export function reportFailure(error: unknown, argv: readonly string[], terminal: Terminal): ExitCode {
  const failure = describeFailure(error);
  if (wantsJson(argv)) terminal.out(renderFailure(failure, "json"));
  else terminal.err(renderFailure(failure, "text"));
  if (argv.includes("--debug") && error instanceof Error) terminal.err(`${error.stack ?? ""}\n`);
  return failure.exitCode;
}

async function dispatch(argv: readonly string[], context: Context, terminal: Terminal): Promise<ExitCode> {
  const { command, rest } = findCommand(argv);
  if (command === null) {
    const { values, positionals } = parse(rest, globalOptions, 2);
    if (positionals.length > 0) throw new UsageError("Flags stand after the command", `gov ${positionals.join(" ")} …`);
    const asked = values["version"] === true || values["help"] === true;
    const text = values["version"] === true ? `${context.version}\n` : renderHelp(commands, context.version);
    (asked ? terminal.out : terminal.err)(text);
    return asked ? exitCodes.ok : exitCodes.usage;
  }
  const { values, positionals } = parse(rest, { ...globalOptions, ...options(command) }, command.maxPositionals);
  if (values["help"] === true) {
    terminal.out(renderCommandHelp(command));
    return exitCodes.ok;
  }
  const format = oneOf("format", values["format"], ["text", "json"], "text");
  const failOn = oneOf("fail-on", values["fail-on"], ["error", "warning"], "error");
  const outcome = await command.run(context, { positionals, flags: values });
  const exitCode = outcome.exitCode ?? judge(outcome, failOn);
  terminal.out(format === "json" ? renderJson(outcome, exitCode) : renderText(outcome, { colour: terminal.colour }));
  return exitCode;
}

function judge(outcome: Outcome, failOn: "error" | "warning"): ExitCode {
  const fails = outcome.findings.some(({ severity }) => severity === "error" || (failOn === "warning" && severity === "warning"));
  return fails ? exitCodes.findings : exitCodes.ok;
}

function findCommand(argv: readonly string[]): { readonly command: Command | null; readonly rest: readonly string[] } {
  const words = argv.slice(0, 2).filter((word) => !word.startsWith("-"));
  if (argv.length === 0 || argv[0]?.startsWith("-") === true) return { command: null, rest: argv };
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    const command = words.length >= length ? commands.find((candidate) => candidate.name === name) : undefined;
    if (command !== undefined) return { command, rest: argv.slice(length) };
  }
  if (words[0] === "help") return argv.length === 1 ? { command: null, rest: ["--help"] } : findCommand([...argv.slice(1), "--help"]);
  const near = nearest(
    words.join(" "),
    commands.map(({ name }) => name),
  );
  throw new UsageError(
    `Unknown command "${words[0] ?? ""}"`,
    near === null ? "gov --help lists the commands" : `did you mean "gov ${near}"?`,
  );
}

function parse(
  args: readonly string[],
  flags: Readonly<Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }>>,
  maxPositionals: number,
): { readonly values: Flags; readonly positionals: Call["positionals"] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true, strict: true });
    if (positionals.length > maxPositionals) throw new UsageError(`Unexpected argument "${positionals[maxPositionals] ?? ""}"`);
    return { values: values as Flags, positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? "") : String(error);
    const unknown = /'(--[^']+)'/.exec(message)?.[1]?.slice(2);
    const near = unknown === undefined ? null : nearest(unknown, Object.keys(flags));
    throw new UsageError(message, near === null ? undefined : `did you mean "--${near}"?`);
  }
}

function options(command: Command): Record<string, { type: "string" | "boolean"; multiple?: boolean }> {
  return Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [name, { type: flag.type, multiple: flag.multiple ?? false }]),
  );
}

function oneOf<T extends string>(flag: string, value: Flags[string], allowed: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${flag} must be one of ${allowed.join(", ")}: current value is "${String(value)}"`);
  return found;
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === "--format=json" || (word === "--format" && argv[index + 1] === "json"));
}

/** The candidate at the smallest edit distance, if it is close enough to be a slip of the keyboard. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
