/** Everything that is looked for. */
export const detectorNames = [
  "api-key",
  "assigned-secret",
  "authorization",
  "aws-access-key",
  "email",
  "github-token",
  "gitlab-token",
  "google-api-key",
  "iban",
  "json-web-token",
  "known-secret",
  "npm-token",
  "payment-card",
  "payment-key",
  "phone",
  "private-key",
  "resident-id",
  "slack-token",
  "social-security-number",
  "url-credentials",
] as const;

/** Name of a detector; it stands in the text in place of what was found. */
export type DetectorName = (typeof detectorNames)[number];

/** What names a person, or leads to one. */
export const personalDetectors: readonly DetectorName[] = [
  ...(["email", "iban", "payment-card", "phone", "resident-id", "social-security-number"] as const),
];

/** What was found, and where it stood. */
export interface Redaction {
  readonly detector: DetectorName;
  /** First and one past the last UTF-16 code unit, in the text given. */
  readonly start: number;
  readonly end: number;
}
