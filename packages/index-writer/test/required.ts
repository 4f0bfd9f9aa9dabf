import { execFileSync } from "node:child_process";
import process from "node:process";

/** True when a tool is there; one that the environment requires must be. */
export function available(tool: string, probe: readonly [command: string, ...args: readonly string[]]): boolean {
  const [command, ...args] = probe;
  try {
    execFileSync(command, args, { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch (error) {
    if (isRequired(tool)) throw new Error(`Cannot test without ${tool}, which GOV_TEST_REQUIRE names`, { cause: error });
    return false;
  }
}

/** True when the environment says that tests with a tool must run. */
function isRequired(tool: string): boolean {
  return (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes(tool);
}
