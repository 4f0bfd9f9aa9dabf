// eslint-disable-next-line no-control-regex -- the whole of ASCII is meant
const ascii = /^[\u0000-\u007f]*$/;

/**
 * The one spelling of all paths that are one file where case or Unicode form does not count; the same folding as the path
 * collisions of `@gov/schema`. Upper case first: it folds what lower case alone keeps apart, such as "ß" and "SS".
 */
export function foldPath(path: string): string {
  if (ascii.test(path)) return path.toLowerCase();
  return path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}
