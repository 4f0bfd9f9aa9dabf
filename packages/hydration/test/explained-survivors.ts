const standing = "if (standing !== 0) return { order: standing, decidedBy: decidingRule(standing < 0 ? a : b, spec) };";
const sign = "return a < b ? -1 : a > b ? 1 : 0;";
const several = "if (found.length <= 1) return found.map(({ route }) => route);";
const statuses = "if (route.statuses !== null && (subject.status === null || !route.statuses.has(subject.status))) return false;";
const ending = "if (at.index + 2 === parts.length) return at.text.endsWith(literal) ? at.text.length - literal.length : -1;";
const leader = "if (order(candidate, leader.best) < 0) leader.best = candidate;";

const onlySign = "Only the sign of a comparison is ever used";
const neverZero = "Standing is a whole number other than 0 here";
const anyway = "One route or none needs no sorting, and sorting it changes nothing";
const indexed = "The index finds a route with a condition on the status only under a status it names";
const checkedNext = "The literal itself is compared next, and the end of the segment after it, so the match fails there";
const identical = "Two candidates of order 0 are equal in everything selection looks at";

/** Mutants that no test can catch, because nothing that can be observed changes, each with the reason. */
export const explainedSurvivors: ReadonlyMap<string, string> = new Map([
  [`precedence.ts: <= at 80 of ${standing}`, neverZero],
  [`precedence.ts: 1 at 82 of ${standing}`, neverZero],
  ["precedence.ts: true at 5 of if (a.status !== b.status) {", "Equal statuses have equal standings; the condition only saves time"],
  [`precedence.ts: 2 at 17 of ${sign}`, onlySign],
  [`precedence.ts: 2 at 29 of ${sign}`, onlySign],
  [`internal/text-order.ts: 2 at 17 of ${sign}`, onlySign],
  [`internal/text-order.ts: 2 at 29 of ${sign}`, onlySign],
  [
    "internal/text-order.ts: 8193 at 64 of return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;",
    "Surrogates rank behind all other units either way",
  ],
  [`internal/matching-routes.ts: false at 5 of ${several}`, anyway],
  [`internal/matching-routes.ts: < at 18 of ${several}`, anyway],
  [
    "internal/matching-routes.ts: + at 63 of return found.filter(({ rank }, index) => rank !== found[index - 1]?.rank);",
    "Of equal neighbours the last is kept instead of the first, and they are one route",
  ],
  [`internal/matching-routes.ts: false at 5 of ${statuses}`, indexed],
  [`internal/matching-routes.ts: && at 57 of ${statuses}`, indexed],
  [`internal/match-pattern.ts: true at 43 of ${ending}`, checkedNext],
  [`internal/match-pattern.ts: 1 at 105 of ${ending}`, checkedNext],
  [`internal/match-pattern.ts: 2 at 106 of ${ending}`, "Any end before the beginning is refused"],
  [`select-winners.ts: <= at 35 of ${leader}`, identical],
  [`select-winners.ts: 1 at 37 of ${leader}`, identical],
]);
