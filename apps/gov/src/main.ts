import type { Spans } from "@gov/telemetry/otel";
import { asOf } from "./as-of.ts";
import { formats, type Format, flagsOf, globalFlags, oneOf, parseArguments, wantedFormat } from "./arguments.ts";
import { type Command, type CommandEntry, type Outcome, UsageError } from "./command.ts";
import { commandTable } from "./command-table.ts";
import type { Context, World } from "./context.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { describeFailure, renderFailure } from "./failure.ts";
import { findCommand } from "./find-command.ts";
import { guardFileSystem } from "./guarded-file-system.ts";
import { createLogPlaces } from "./log-places.ts";
import { createProgress } from "./progress.ts";
import type { Tracing } from "./observability/open-tracing.ts";
import { otlpEndpoint } from "./observability/otlp-endpoint.ts";
import { renderCommandHelp, renderHelp, renderNounHelp } from "./render/help.ts";
import { renderJson } from "./render/json.ts";
import { renderPretty } from "./render/pretty.ts";
import { printable } from "./render/printable.ts";
import { admitRoot } from "./root/storage-folder.ts";
import type { Terminal } from "./terminal.ts";
import { wallFileSystem } from "./walled-file-system.ts";
import { withExample } from "./with-example.ts";

/** What a command line is run in: the world is looked at only when a command asks for it. */
export interface Host {
  readonly version: string;
  readonly world: () => World | Promise<World>;
}

/** Runs one command line and returns its exit code. Never throws: a defect is exit code 70. */
export async function main(argv: readonly string[], host: Host, terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(argv, host, terminal);
  } catch (error) {
    return reportFailure(error, argv, { host, terminal });
  }
}

async function dispatch(argv: readonly string[], host: Host, terminal: Terminal): Promise<ExitCode> {
  const asked = findCommand(argv, commandTable);
  if (asked.type === "none") return withoutCommand(argv, host, terminal);
  if (asked.type === "noun") {
    terminal.out(renderNounHelp(asked.noun, asked.entries, terminal.outColumns));
    return exitCodes.ok;
  }
  const { entry, rest } = asked;
  const command = await entry.load();
  try {
    return await callCommand(entry, command, { rest, host, terminal });
  } catch (error) {
    throw withExample(error, entry, command);
  }
}

async function callCommand(
  entry: CommandEntry,
  command: Command,
  { rest, host, terminal }: { readonly rest: readonly string[]; readonly host: Host; readonly terminal: Terminal },
): Promise<ExitCode> {
  const flags = flagsOf(entry, command);
  const { values, positionals } = parseArguments(rest, { ...globalFlags, ...flags }, command.maxPositionals);
  if (values["help"] === true) {
    terminal.out(renderCommandHelp(entry, command, { table: commandTable, columns: terminal.outColumns }));
    return exitCodes.ok;
  }
  const format = oneOf("format", values["format"] === "text" ? "pretty" : values["format"], formats, "pretty");
  const failOn = oneOf("fail-on", values["fail-on"], ["error", "warning"], "error");
  const verbosity = values["quiet"] === true ? "quiet" : values["verbose"] === true ? "verbose" : "normal";
  const world = await asOf(await host.world(), entry, values);
  const progress = createProgress(terminal, { monotonicMs: world.clock.monotonicMs, verbosity });
  const roots: string[] = [];
  const walled = wallFileSystem(world.fs);
  const tracing = await openTracing(world);
  const context: Context = {
    ...world,
    ...guardFileSystem(walled.fs),
    cacheFs: walled.fs,
    progress: progress.show,
    tell: (line) => terminal.err(`${printable(line)}\n`),
    opened: (directory) => {
      roots.push(directory);
      admitRoot(walled, world, directory);
    },
    writesBelow: walled.admit,
    mustStayInside: walled.mustStayInside,
    spans: tracing?.spans ?? null,
    ...createLogPlaces(),
  };
  try {
    const { outcome, exitCode } = await inSpan(context.spans, entry.name, async () => {
      const outcome = await command.run(context, { positionals, flags: values, commands: commandTable });
      return { outcome, exitCode: outcome.exitCode ?? judge(outcome, failOn) };
    });
    progress.clear();
    const { colour, outColumns: columns } = terminal;
    if (format === "json") terminal.out(renderJson(outcome, exitCode));
    else if (format === "pretty") terminal.out(renderPretty(outcome, { colour, columns, quiet: verbosity === "quiet", failOn }));
    else terminal.out(await report(outcome, { format, failOn, world, roots }));
    return exitCode;
  } finally {
    progress.clear();
    const failure = (await tracing?.close()) ?? null;
    if (failure !== null && verbosity !== "quiet") terminal.err(`${printable(`gov: spans could not be sent: ${failure}`)}\n`);
  }
}

/** OpenTelemetry's SDK takes a while to load: only a call that has somewhere to send spans pays for it. */
async function openTracing(world: World): Promise<Tracing | null> {
  const endpoint = otlpEndpoint("traces", world.env);
  return endpoint === null ? null : (await import("./observability/open-tracing.ts")).openTracing(endpoint, world);
}

async function inSpan<T extends { readonly exitCode: ExitCode }>(spans: Spans | null, name: string, run: () => Promise<T>): Promise<T> {
  if (spans === null) return run();
  return spans.command(name, {}, async (note) => {
    const result = await run();
    note({ "exit.code": result.exitCode });
    return result;
  });
}

/** Help and version; a command line that asks for neither gets the help on standard error. */
function withoutCommand(args: readonly string[], host: Host, terminal: Terminal): ExitCode {
  const { values, positionals } = parseArguments(args[0] === "help" ? ["--help"] : args, globalFlags, 2);
  if (positionals.length > 0) throw new UsageError("Flags stand after the command", `gov ${positionals.join(" ")} …`);
  const asked = values["version"] === true || values["help"] === true;
  const text = values["version"] === true ? `${host.version}\n` : renderHelp(commandTable, host.version);
  (asked ? terminal.out : terminal.err)(text);
  return asked ? exitCodes.ok : exitCodes.usage;
}

/** Tells what was thrown, in the format that the command line asks for, and returns its exit code. */
export async function reportFailure(
  error: unknown,
  argv: readonly string[],
  { host, terminal }: { readonly host: Host; readonly terminal: Terminal },
): Promise<ExitCode> {
  const failure = describeFailure(error);
  const format = wantedFormat(argv);
  if (format === "json") terminal.out(renderFailure(failure, "json"));
  else terminal.err(renderFailure(failure, "pretty", terminal.isWatched ? terminal.columns : undefined));
  if (argv.includes("--debug") && error instanceof Error) terminal.err(`${error.stack ?? ""}\n`);
  if (format !== "json" && format !== "pretty") {
    const { renderReport } = await import("./render/report.ts");
    const { code, message, hint, findings } = failure;
    const finding = { code, severity: "error", message, hint, path: null, line: null, column: null } as const;
    terminal.out(renderReport([...findings, finding], { format, failOn: "error", version: host.version, prefix: "" }));
  }
  return failure.exitCode;
}

async function report(
  outcome: Outcome,
  options: { readonly format: Format; readonly failOn: "error" | "warning"; readonly world: World; readonly roots: readonly string[] },
): Promise<string> {
  const { format, failOn, world, roots } = options;
  const { prefixOf, renderReport } = await import("./render/report.ts");
  return renderReport(outcome.findings, { format, failOn, version: world.version, prefix: await prefixOf(world, roots[0]) });
}

function judge(outcome: Outcome, failOn: "error" | "warning"): ExitCode {
  const fails = outcome.findings.some(({ severity }) => severity === "error" || (failOn === "warning" && severity === "warning"));
  return fails ? exitCodes.findings : exitCodes.ok;
}
