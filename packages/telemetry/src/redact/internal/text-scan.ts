/** What one character of a text may be, as bits; beyond ASCII every character is `other`. */
export const charKinds = { digit: 1, lower: 2, upper: 4, hyphen: 8, underscore: 16, base64: 32 } as const;

const kinds = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  let kind = 0;
  if (char >= "0" && char <= "9") kind |= charKinds.digit;
  if (char >= "a" && char <= "z") kind |= charKinds.lower;
  if (char >= "A" && char <= "Z") kind |= charKinds.upper;
  if (char === "-") kind |= charKinds.hyphen;
  if (char === "_") kind |= charKinds.underscore;
  if (char === "+" || char === "/" || char === "=" || char === "." || char === "~") kind |= charKinds.base64;
  kinds[code] = kind;
}

/** Letters and digits. */
export const alphanumeric: number = charKinds.digit | charKinds.lower | charKinds.upper;
/** Letters, digits, `_`. */
export const word: number = alphanumeric | charKinds.underscore;
/** Letters, digits, `_`, `-`. */
export const base64Url: number = word | charKinds.hyphen;
/** What an Authorization header may carry as a token (RFC 9110, section 11.2). */
export const token68: number = base64Url | charKinds.base64;

/** True when the character at this place is one of the kinds. */
export function isKind(text: string, at: number, mask: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && ((kinds[code] as number) & mask) !== 0;
}

/** Returns where a run of such characters ends, looking at no more than `most` of them. */
export function skipKind(text: string, at: number, { mask, most }: { readonly mask: number; readonly most: number }): number {
  const limit = Math.min(text.length, at + most);
  let index = at;
  while (index < limit && isKind(text, index, mask)) index++;
  return index;
}

/** Returns where a run of such characters that ends before `at` begins. */
export function skipKindBack(text: string, at: number, { mask, most }: { readonly mask: number; readonly most: number }): number {
  const limit = Math.max(0, at - most);
  let index = at;
  while (index > limit && isKind(text, index - 1, mask)) index--;
  return index;
}
