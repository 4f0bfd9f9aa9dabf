import type { Finding } from "@gov/schema";
import { ManifestError } from "../../errors.ts";

/** The error of a plan that the log no longer allows. */
export function promotionRefused(manifestId: string, findings: readonly Finding[]): ManifestError {
  return new ManifestError("MANIFEST_PROMOTION_REFUSED", `Cannot promote "${manifestId}": ${findings[0]?.message ?? "it is refused"}`, {
    details: { manifestId },
    findings,
    hint: "Something was told to the log since it was planned; plan it again",
  });
}
