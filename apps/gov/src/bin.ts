#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";
import { main, reportFailure, type Terminal } from "./main.ts";
import { nodeContext } from "./node-context.ts";

const { stdout, stderr, env } = process;
// A reader that stops early, such as `head`, is no failure of ours.
stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? (process.exitCode ?? exitCodes.ok) : exitCodes.io),
);
stderr.on("error", () => undefined);
process.on("SIGINT", () => process.exit(exitCodes.interrupted));
process.on("SIGTERM", () => process.exit(exitCodes.terminated));

const argv = process.argv.slice(2);
const terminal: Terminal = {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  colour: stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
};
try {
  process.exitCode = await main(argv, nodeContext(), terminal);
} catch (error) {
  // The world itself cannot be looked at, such as a working directory that was removed.
  process.exitCode = reportFailure(error, argv, terminal);
}
