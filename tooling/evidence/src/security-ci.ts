import { readFileSync } from "node:fs";
import { judgeSecurity } from "./judge-security.ts";

// Usage: security-ci.ts <trivy.json>. Exits with 1 when the gate does not pass.

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error("Usage: pnpm security <report>, as `trivy fs --format json --output <report> .` writes it");
  process.exit(2);
}
let bytes: Uint8Array;
try {
  bytes = readFileSync(path);
} catch (error) {
  console.error(`Cannot read the report: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
const { outcome, findings } = await judgeSecurity({ path, bytes });
for (const { severity, message, code } of findings) console.log(`${severity.padEnd(8)} ${message}  ${code}`);
console.log(`security ${outcome}`);
process.exitCode = outcome === "PASS" ? 0 : 1;
