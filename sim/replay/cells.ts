/** What a cell says. Each returns NaN for what it does not understand: the caller refuses it or leaves it out. */

/** A number. `comma`: the file writes its decimals after a comma. */
export function parseNumber(cell: string, comma: boolean): number {
  const value = Number(comma ? cell.replace(',', '.') : cell);
  return value === 0 && cell.trim() === '' ? NaN : value;
}

/** Whether the numbers of a row have their decimals after a comma; undefined when none has decimals. */
export function decimalComma(line: string): boolean | undefined {
  if (/(^|[\t;])\s*[-+]?\d+,\d+(e[-+]?\d+)?\s*([\t;]|$)/i.test(line)) return true;
  return /(^|[\t;])\s*[-+]?\d+\.\d+(e[-+]?\d+)?\s*([\t;]|$)/i.test(line) ? false : undefined;
}

const clock = /^\s*(?:(\d+)(?:d\s*|-))?(\d+):(\d+):(\d+(?:[.,]\d*)?)\s*$/;
const isoDate = /^\s*(\d{4})[-/](\d\d?)[-/](\d\d?)[\sT]+(\d+):(\d+):(\d+(?:\.\d*)?)\s*$/;
/** As EC-Lab writes it: month first. */
const americanDate = /^\s*(\d\d?)\/(\d\d?)\/(\d{4})\s+(\d+):(\d+):(\d+(?:\.\d*)?)\s*$/;

/** Seconds: `1:02:03.5`, after days as `1d 02:03:04` or `1-02:03:04`, or a date, which counts from 1970. */
export function parseClock(cell: string): number {
  const time = clock.exec(cell);
  if (time) {
    const [days, hours, minutes, seconds] = [time[1] ?? 0, time[2], time[3], time[4]!.replace(',', '.')].map(Number);
    return ((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
  }
  const iso = isoDate.exec(cell);
  if (iso) return fromDate(iso[1]!, iso[2]!, iso[3]!, iso);
  const american = americanDate.exec(cell);
  return american ? fromDate(american[3]!, american[1]!, american[2]!, american) : NaN;
}

function fromDate(year: string, month: string, day: string, parts: RegExpExecArray): number {
  if (Number(month) > 12 || Number(day) > 31) return NaN;
  const [hours, minutes, seconds] = parts.slice(4).map(Number);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), hours!, minutes!) / 1000 + seconds!;
}

export const isDate = (cell: string): boolean => isoDate.test(cell) || americanDate.test(cell);

/** Cells between quotes lose them, and the separators within. */
export function withoutQuotes(line: string, separator: string): string {
  if (!line.includes('"')) return line;
  return line.replace(/"((?:[^"]|"")*)"/g, (_, text: string) => text.replaceAll(separator, ' '));
}
