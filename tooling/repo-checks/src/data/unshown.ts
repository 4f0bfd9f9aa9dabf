/** Why no test shows a requirement, by its id; one sentence each. */
export type Reasons = ReadonlyMap<string, string>;

/** Every row of docs/requirements.md that no test shows. A row with a test, or none, stands elsewhere. */
export const unshown: Reasons = new Map([
  ["NFR-07", "An order of delivery by dates and reviews; what was to be delivered is shown by the rows of its packages."],
  [
    "QAC-06",
    "A fact about runs of a hosting service, which no test inside one run can see; three green runs are what GOV-16 asks for before it tightens.",
  ],
  ["D-04", "Meetings and reviews are people's; digest and report, which they look at, are shown by DIG-01 to DIG-08 and GOV-22."],
  [
    "D-15",
    "Workshops, penetration tests and sign-offs are people's work, and of the sequel; the schema of a risk register ships (SCH-17).",
  ],
]);
