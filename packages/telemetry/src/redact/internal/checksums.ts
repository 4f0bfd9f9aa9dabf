/** True for digits whose Luhn check digit holds (ISO/IEC 7812-1, annex B). */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0 && /[1-9]/.test(digits);
}

/** True for an IBAN, without spaces, whose check digits hold (ISO 13616-1, section 6). */
export function isIban(text: string): boolean {
  let rest = 0;
  for (const char of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** True for a resident identity number whose check character holds (GB 11643-1999, ISO 7064 MOD 11-2) and whose date can be one. */
export function isResidentId(text: string): boolean {
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += Number(text[index]) * (2 ** (17 - index) % 11);
  const [year, month, day] = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))];
  const isDate = year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate && "10X98765432"[sum % 11] === text[17]?.toUpperCase();
}

/** True for digits that a US social security number can have (SSA: no 000, 666 or 9xx area, no 00 group, no 0000 serial). */
export function isSocialSecurityNumber(area: string, group: string, serial: string): boolean {
  return area !== "000" && area !== "666" && !area.startsWith("9") && group !== "00" && serial !== "0000";
}
