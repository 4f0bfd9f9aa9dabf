import type { DetectorName } from "@gov/telemetry/redact";

/** A text of the corpus: what must not get out of it, or nothing. */
export interface Labelled {
  readonly text: string;
  readonly detector: DetectorName | null;
  /** What must be gone. */
  readonly leak: string;
}

/** A small generator with a fixed seed, so that the corpus is the same everywhere (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";

/** Builds the corpus; secrets are put together here, so that none stands in the repository. */
export function redactCorpus(perDetector: number, seed = 20_250_101): readonly Labelled[] {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const run = (chars: string, length: number): string => Array.from({ length }, () => chars[random(chars.length)]).join("");
  const mixed = (length: number): string => run(lower + upper + digits, length - 2) + run(upper, 1) + run(digits, 1);
  const withCheck = (body: string, isRight: (text: string) => boolean): string =>
    [...digits].map((last) => body + last).find(isRight) ?? body;
  const luhn = (text: string): boolean =>
    [...text]
      .reverse()
      .reduce((sum, char, at) => sum + (at % 2 === 0 ? Number(char) : ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(char)] ?? 0)), 0) %
      10 ===
    0;
  const mod97 = (text: string): number => [...text].reduce((rest, char) => Number(`${String(rest)}${String(parseInt(char, 36))}`) % 97, 0);
  const iban = (): string => {
    const body = run(digits, 18);
    return `DE${String(98 - mod97(`${body}DE00`)).padStart(2, "0")}${body}`;
  };
  const resident = (): string => {
    const body = `${String(110000 + random(9999))}19${String(50 + random(49))}0${String(1 + random(9))}1${String(random(10))}${run(digits, 3)}`;
    const sum = [...body].reduce((total, char, at) => total + Number(char) * (2 ** (17 - at) % 11), 0);
    return body + ("10X98765432"[sum % 11] ?? "");
  };
  const card = (): string => withCheck(pick(["4", "51", "37"]) + run(digits, 13), luhn);
  const grouped = (text: string, by: string): string => text.replaceAll(/(.{4})(?=.)/g, `$1${by}`);
  const jwt = (): string => `eyJ${mixed(20)}.eyJ${mixed(40)}.${mixed(43)}`;
  const pem = (): string =>
    `-----BEGIN ${pick(["", "RSA ", "EC "])}PRIVATE KEY-----\n${mixed(64)}\n${mixed(64)}\n-----END PRIVATE KEY-----`;
  const makers: Readonly<Record<Exclude<DetectorName, "known-secret">, () => string>> = {
    "api-key": () => `sk-${mixed(48)}`,
    "assigned-secret": () => mixed(14),
    authorization: () => mixed(32),
    "aws-access-key": () => `${pick(["AKIA", "ASIA"])}${run(upper + digits, 16)}`,
    email: () => `${run(lower, 5)}.${run(lower, 4)}@${run(lower, 7)}.${pick(["com", "org", "co.uk"])}`,
    "github-token": () => pick([`gh${pick(["p", "o", "s"])}_${mixed(36)}`, `github_pat_${mixed(82)}`]),
    "gitlab-token": () => `glpat-${mixed(20)}`,
    "google-api-key": () => `AIza${mixed(35)}`,
    iban: () => pick([iban(), grouped(iban(), " ")]),
    "json-web-token": jwt,
    "npm-token": () => `npm_${mixed(36)}`,
    "payment-card": () =>
      pick([
        card(),
        grouped(withCheck(`4${run(digits, 14)}`, luhn), pick(["-", "/", " - "])),
        grouped(withCheck(`5${run(digits, 14)}`, luhn), pick([" ", "_"])),
      ]),
    "payment-key": () => `${pick(["sk", "rk"])}_live_${mixed(24)}`,
    phone: () => `+${pick(["49 30 ", "1-415-", "44 20 "])}${String(2 + random(7))}${run(digits, 6)}`,
    "private-key": pem,
    "resident-id": resident,
    "slack-token": () => `xox${pick(["b", "p"])}-${run(digits, 12)}-${mixed(24)}`,
    "social-security-number": () => `${String(100 + random(500))}-${String(10 + random(89))}-${String(1000 + random(8999))}`,
    "url-credentials": () => `${run(lower, 6)}:${mixed(12)}`,
  };
  const frames: readonly ((leak: string) => string)[] = [
    (leak) => leak,
    (leak) => `2024-01-15T10:00:00.000Z INFO runner-1 got ${leak} and went on`,
    (leak) => JSON.stringify({ level: "info", message: `value (${leak}) seen` }),
    (leak) => `a: 1\nb: ${leak}\nc: 3\n`,
    (leak) => `| row | ${leak} |`,
    (leak) => `önder: "${leak}", next`,
  ];
  const special: Partial<Record<DetectorName, readonly ((leak: string) => string)[]>> = {
    "assigned-secret": [
      (leak) => `password=${leak}`,
      (leak) => `DB_PASSWORD: ${leak}\n`,
      (leak) => `{"client_secret":"${leak}","n":1}`,
      (leak) => `export API_TOKEN='${leak}'`,
      (leak) => `https://example.org/cb?access_token=${leak}&state=1`,
    ],
    authorization: [
      (leak) => `Authorization: Bearer ${leak}`,
      (leak) => `curl -H "authorization: basic ${leak}="`,
      (leak) => `Bearer ${leak}`,
    ],
    "url-credentials": [(leak) => `postgres://${leak}@db.internal:5432/app`, (leak) => `clone https://${leak}@example.org/r.git now`],
  };
  const positives = Object.entries(makers).flatMap(([name, make]) =>
    Array.from({ length: perDetector }, () => {
      const leak = make();
      const frame = pick(special[name as DetectorName] ?? frames);
      return { text: frame(leak), detector: name as DetectorName, leak: name === "private-key" ? (leak.split("\n")[1] ?? leak) : leak };
    }),
  );
  const badLuhn = (): string => [...digits].map((last) => `4${run(digits, 14)}${last}`).find((text) => !luhn(text)) ?? "";
  const harmless: readonly (() => string)[] = [
    () => `sha256:${run("0123456789abcdef", 64)}`,
    () => `commit ${run("0123456789abcdef", 40)} by runner-1`,
    () =>
      `${run("0123456789abcdef", 8)}-${run("0123456789abcdef", 4)}-4${run("0123456789abcdef", 3)}-a${run("0123456789abcdef", 3)}-${run("0123456789abcdef", 12)}`,
    () => `order ${badLuhn()} shipped`,
    () => `at 2024-01-15T10:00:00.000+08:00, 12:30:45, v20.19.${String(random(9))}, 192.168.0.${String(random(255))}`,
    () => `npm i @gov/telemetry@0.1.${String(random(9))} && node_modules/.bin/tsc -p .`,
    () => `see https://example.org:8080/a/b?x=1#y and git@github.com or user@localhost`.replace("git@github.com", "git clone"),
    () => `tokens: ${String(random(900))}, token_count=${String(random(900))}, password policy: see docs, secretary: Ann`,
    () => `password: \${DB_PASSWORD} token: <your token> secret=null`,
    () => `the bearer of this letter, basic training, the key is under the mat`,
    () =>
      `evt_2024_01_15_${run("0123456789abcdef", 20)} PLN-BE-2024-${String(10 + random(80))} epoch ${String(1_700_000_000_000 + random(1_000_000))}`,
    () => `1 + 2 = 3, a+b, +5%, 3-4-5, 123-45, range 100-200, 1,234,567.89`,
    () => `AKIA is a prefix, sk-learn is a library, xoxo, eyJust, ghp_short, glpat-x`,
    () => `-----BEGIN CERTIFICATE-----\n${mixed(64)}\n-----END CERTIFICATE-----`,
    () => `GB${run(digits, 2)} room, DE00 ${run(digits, 4)} ${run(digits, 4)}`,
  ];
  const negatives = harmless.flatMap((make) => Array.from({ length: perDetector }, () => ({ text: make(), detector: null, leak: "" })));
  return [...positives, ...negatives];
}
