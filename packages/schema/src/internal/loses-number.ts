/**
 * True where a finite number is another than the one written: an integer that no double holds, or one so small that it became zero.
 * Fractions are the nearest double, as for every reader.
 */
export function losesNumber(source: string, value: number): boolean {
  if (value === 0) return /^[-+]?[0.]*[1-9]/.test(source);
  if (Number.isSafeInteger(value) || !/^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(source)) return false;
  // No finite double has more digits; zeros before them are not worth the time.
  return source.length > 400 || BigInt(source) !== BigInt(value);
}
