/**
 * Says how a plain scalar that is text or a number here reads in YAML 1.1 readers (PyYAML, Ruby, Go's yaml.v2, js-yaml), which are still the most
 * common ones; null where they agree. By the type repository of YAML 1.1.
 */
export function yamlDisagreement(source: string): string | null {
  const first = source.charCodeAt(0);
  const digit = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (digit) return numberLike(source);
  if (source.length > 5) return null;
  const word = source.toLowerCase();
  if (booleans.has(word) && caseForms.test(source)) return `the boolean ${booleans.get(word) === true ? "true" : "false"}`;
  return source === "=" ? "the default value" : null;
}

// `y` and `n` are booleans by the standard and text in most readers: a disagreement all the same.
const booleans: ReadonlyMap<string, boolean> = new Map([
  ["y", true],
  ["yes", true],
  ["on", true],
  ["n", false],
  ["no", false],
  ["off", false],
]);
const caseForms = /^(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)$/;

const date = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const timestamp =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const octal = /^[-+]?0[0-7_]+$/;
const binary = /^[-+]?0b[01_]+$/;
const grouped = /^[-+]?[0-9]+(?:_[0-9]+)+(?:\.[0-9_]*)?$/;
const newOctal = /^0o[0-7]+$/;
const bareExponent = /^[-+]?[0-9]+(?:\.[0-9]*)?[eE][0-9]+$|^[-+]?[0-9]+[eE][-+]?[0-9]+$/;

function numberLike(source: string): string | null {
  if (source.length > 40) return null;
  if (date.test(source)) return "a date";
  if (timestamp.test(source)) return "a point in time";
  if (sexagesimal.test(source)) return "a number to base 60";
  if (octal.test(source)) return "a number to base 8";
  if (binary.test(source)) return "a number to base 2";
  if (grouped.test(source)) return "a number";
  if (newOctal.test(source) || bareExponent.test(source)) return "text";
  return null;
}
