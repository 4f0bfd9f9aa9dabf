import { readFileSync } from "node:fs";
import { join } from "node:path";

// Run as a process of its own: <scratch> verifies the manifest that is there, nothing at all shows a bare Node; prints the peak of resident memory in MB.
const [scratch] = process.argv.slice(2);
if (scratch !== undefined) {
  const { createArtifactReader, verifyManifest } = await import("@gov/manifest");
  const read = (name: string): Buffer => readFileSync(join(scratch, name));
  const { policy, at } = JSON.parse(read("trust.json").toString()) as Pick<Parameters<typeof verifyManifest>[0], "policy" | "at">;
  const [manifestBytes, envelopeBytes] = [read("manifest.yaml"), read("manifest.yaml.dsse.json")];
  const { signers } = await verifyManifest({
    ...{ manifestBytes, envelopeBytes, policy, at },
    readArtifact: createArtifactReader(join(scratch, "files")),
  });
  if (signers.length !== 3) throw new Error("Cannot measure: three people must have signed");
}
process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)));
