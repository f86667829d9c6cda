/** Holds what arrives on a raw wire until a line is whole; one is taken at a time. */
import { LINE_MAX } from '../../firmware/service/serve';

export interface LineBuffer {
  text: string;
}

/** Adds what arrived. What goes beyond one line is lost: wait for the answer before the next line. */
export function hold(buffer: LineBuffer, arrived: string): void {
  buffer.text = (buffer.text + arrived).slice(0, LINE_MAX + 1);
}

/** The next line, without its end (`\n` or `\r\n`), or undefined. One that does not end comes out when it is too long. */
export function takeLine(buffer: LineBuffer): string | undefined {
  const text = buffer.text;
  const end = text.indexOf('\n');
  if (end < 0 && text.length <= LINE_MAX) return undefined;
  buffer.text = end < 0 ? '' : text.slice(end + 1);
  if (end < 0) return text;
  return text.slice(0, text.slice(end - 1, end) === '\r' ? end - 1 : end);
}
