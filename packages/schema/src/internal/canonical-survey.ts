/** The keys of all objects stand in the order of their code units. */
const sorted = 0;
/** Some keys do not. */
export const unsorted = 1;
/** Some value has no canonical form, as far as the survey can tell. */
export const refused = 2;
/** There is more to look at than the budget allows. */
export const large = 4;

/** How many values may still be looked at. */
interface SurveyBudget {
  left: number;
}

/**
 * Tells in one pass which writer a value may be given to, at a depth of at most `maxDepth`: the order of its keys, or that it is refused or
 * large. It calls no accessor. It keeps no pointers either: the careful writer finds the place of a fault. A lone surrogate is not looked for.
 */
export function survey(value: unknown, levels: number, budget: SurveyBudget): number {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return sorted;
  if (typeof value === "number") return Number.isFinite(value) ? sorted : refused;
  if (typeof value !== "object" || levels === 0) return refused;
  return Array.isArray(value) ? surveyItems(value, levels - 1, budget) : surveyMembers(value, levels - 1, budget);
}

function surveyItems(items: readonly unknown[], levels: number, budget: SurveyBudget): number {
  if (Object.getPrototypeOf(items) !== Array.prototype || Object.keys(items).length !== items.length) return refused;
  return surveyRange(items, 0, items.length, levels, budget);
}

/** The same for some of the items of a list that is known to be plain. */
export function surveyRange(items: readonly unknown[], start: number, end: number, levels: number, budget: SurveyBudget): number {
  if ((budget.left -= end - start) < 0) return large;
  let order = sorted;
  for (let index = start; index < end; index++) {
    if (isAccessor(items, index)) return refused;
    const item = items[index];
    if (isPlainScalar(item)) continue;
    const found = survey(item, levels, budget);
    if (found >= refused) return found;
    order |= found;
  }
  return order;
}

function surveyMembers(members: object, levels: number, budget: SurveyBudget): number {
  const prototype: unknown = Object.getPrototypeOf(members);
  if ((prototype !== Object.prototype && prototype !== null) || Object.getOwnPropertySymbols(members).length > 0) return refused;
  let order = sorted;
  let previous = "";
  // Unlike a list of the keys, this loop costs next to nothing where many objects have the same ones.
  for (const key in members) {
    if (--budget.left < 0) return large;
    if (isAccessor(members, key)) return refused;
    if (key < previous) order |= unsorted;
    previous = key;
    const member = (members as Readonly<Record<string, unknown>>)[key];
    if (isPlainScalar(member)) continue;
    const found = survey(member, levels, budget);
    if (found >= refused) return found;
    order |= found;
  }
  return order;
}

// What most values are, told apart where they are met, since a call for each would cost as much as all else that is done with it.
function isPlainScalar(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

// It asks for no descriptor object, which would cost more than the rest of the walk; a setter alone reads as undefined, which is refused anyway.
const lookUpGetter = (Object.prototype as unknown as { readonly __lookupGetter__: (key: string | number) => unknown }).__lookupGetter__;

/** Tells whether an own property is a getter, without calling it. */
export function isAccessor(owner: object, key: string | number): boolean {
  return lookUpGetter.call(owner, key) !== undefined;
}
