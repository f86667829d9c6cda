/**
 * Rows as CSV (RFC 4180, line breaks \n): one column per key in the order of first appearance, nested keys joined by a dot,
 * `null` and what a row does not have as an empty field.
 */
export function toCsv(rows: readonly object[]): string {
  if (rows.length === 0) return '';
  const flat = rows.map((row) => flatten(row));
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  const lines = flat.map((row) => columns.map((column) => field(row[column])).join(','));
  return [columns.map(field).join(','), ...lines, ''].join('\n');
}

function flatten(row: object, prefix = ''): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) {
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      Object.assign(out, flatten(value, `${prefix}${key}.`));
    else out[prefix + key] = value;
  }
  return out;
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = Array.isArray(value) ? value.join('; ') : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
