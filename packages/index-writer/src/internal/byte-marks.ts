// Four bytes of ASCII text are looked at together, as one word, the first of them the lowest: marks stand in the highest bits of the bytes that are meant.

/** Marks bytes that do not stand for themselves in a JSON text of ASCII: control characters, the quote, the backslash, and all that is no ASCII. */
export function marksOfSpecial(word: number): number {
  return ((word - 0x20202020) | 0 | (((word ^ 0x22222222) - 0x01010101) | 0) | (((word ^ 0x5c5c5c5c) - 0x01010101) | 0) | word) & highest;
}

/** Marks slashes, and what is no ASCII. */
export function marksOfSlash(word: number): number {
  return ((word ^ 0x2f2f2f2f) - 0x01010101) & highest;
}

/** Which byte has the first mark: the one to rely on, since a subtraction may have borrowed from those behind it. */
export function firstMark(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}

/** True for four hexadecimal digits, none of them a capital: of each range its ends decide. */
export function isHexadecimal(word: number): boolean {
  const digit = ((word + 0x50505050) | 0) & ~((word + 0x46464646) | 0);
  const letter = ((word + 0x1f1f1f1f) | 0) & ~((word + 0x19191919) | 0);
  return ((digit | letter) & ~word & highest) === highest;
}

const highest = 0x80808080 | 0;
