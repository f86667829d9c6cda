/** Frames of the link (docs/link.md), as the host writes and reads them. */
import { InputError } from '../errors';
import { crc32OfText } from './checksum';

/** Version of the protocol that is spoken here. */
export const LINK_VERSION = '1';
/** Numbers of frames go round below this. */
export const ROUND = 16777216;
/** Most that is kept of a line that does not end. */
const LONGEST_LINE = 8192;

export interface Frame {
  version: string;
  /** `q` request, `a` answer, `e` event, `t` measurements, `u` estimates. */
  type: string;
  number: number;
  payload: string;
}

/** The frame alone, without its line's end. */
export function encodeFrame({ version, type, number, payload }: Frame): string {
  const body = `#C${version}${type} ${number} ${payload}`;
  return `${body}*${crc32OfText(body)}`;
}

/**
 * What goes over the wire: a call of `link`, so that an open console executes it, without echo and after what somebody may have
 * typed there is erased. Where the console is closed the device sees the frame and nothing else.
 * @throws InputError when a character of the payload cannot be sent
 */
export function encodeRequest(number: number, payload: string): string {
  const wrong = /[^ -~]|['\\#]/.exec(payload);
  if (wrong !== null)
    throw new InputError(
      `the command holds ${JSON.stringify(wrong[0])}; allowed: printable ASCII without ' \\ and # (upload takes any text)`,
    );
  return `\u001b[2H\u0010link('${encodeFrame({ version: LINK_VERSION, type: 'q', number, payload })}')\n`;
}

/** The frame that stands somewhere in this line, whatever is around it; undefined: none that is whole. */
export function decodeLine(line: string): Frame | undefined {
  for (let at = line.indexOf('#C'); at >= 0; at = line.indexOf('#C', at + 1)) {
    for (let star = line.lastIndexOf('*'); star > at; star = line.lastIndexOf('*', star - 1)) {
      const [digits] = /^\d{1,10}/.exec(line.slice(star + 1, star + 11)) ?? [];
      const body = line.slice(at, star);
      if (digits === undefined || crc32OfText(body) !== Number(digits)) continue;
      const [, version, type, number, payload] = /^#C(.)(.) (\d{1,8}) (.*)$/s.exec(body) ?? [];
      if (version === undefined) continue;
      return { version, type: type!, number: Number(number), payload: payload! };
    }
  }
  return undefined;
}

/** Cuts what arrives into lines. */
export class Lines {
  private rest = '';

  /** The lines that have become whole, without their ends. */
  add(text: string): string[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!.slice(-LONGEST_LINE);
    return lines.map((line) => line.replace(/\r$/, ''));
  }
}
