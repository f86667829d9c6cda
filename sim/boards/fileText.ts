/** A board file as text: lists and small objects on a line of their own. */
export function fileText(file: object): string {
  const text = JSON.stringify(file, null, 2);
  const short = (open: string, close: string): RegExp => new RegExp(`\\${open}\\n([^{}[\\]]*?)\\n\\s*\\${close}`, 'g');
  const onOneLine = (inside: string): string => inside.trim().replace(/\n\s*/g, ' ');
  return `${text
    .replace(short('[', ']'), (_, inside: string) => `[${onOneLine(inside)}]`)
    .replace(short('{', '}'), (whole, inside: string) => {
      const line = `{ ${onOneLine(inside)} }`;
      return line.length <= 100 ? line : whole;
    })}\n`;
}
