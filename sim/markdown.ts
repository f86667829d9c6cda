/** A Markdown table, as prettier would write it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, k) => Math.max(3, cell.length, ...rows.map((row) => row[k]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, k) => cell.padEnd(widths[k]!)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
