import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

// Run as a process of its own: <scratch> verifies the manifest that is there, nothing at all shows a bare Node; prints the peak of resident memory in MB.
// No TypeScript, since what takes its types away needs more memory than a bare Node has, and would hide as much of what is measured.
const [scratch] = process.argv.slice(2);
if (scratch !== undefined) {
  const { createArtifactReader, verifyManifest } = await import("@gov/manifest");
  const read = (name) => readFileSync(join(scratch, name));
  const { policy, at } = JSON.parse(read("trust.json").toString());
  const [manifestBytes, envelopeBytes] = [read("manifest.yaml"), read("manifest.yaml.dsse.json")];
  const readArtifact = createArtifactReader(join(scratch, "files"));
  const { signers } = await verifyManifest({ manifestBytes, envelopeBytes, policy, at, readArtifact });
  if (signers.length !== 3) throw new Error("Cannot measure: three people must have signed");
}
process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)));
