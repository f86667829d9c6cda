/** A whole number written plainly, such as `-12`, up to 1e9 in size; NaN for all else. */
export function wholeNumber(text: string): number {
  const number = parseInt(text, 10);
  return '' + number === text && number >= -1e9 && number <= 1e9 ? number : NaN;
}
