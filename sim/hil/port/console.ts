/**
 * Commands to an interpreter over its own console, one at a time, each answered by a framed line with a checksum.
 *
 * A line may be garbled on its way: a UART has no checksum, and the Linux interpreter's input thread is not guarded against its
 * reader. So whatever is not answered as it should be is asked again, and only what may be done twice is sent.
 */
import { crc32 } from 'node:zlib';
import type { Port } from '../../link/port';

/** The device does not answer, or answers what no answer is. */
export class ConsoleError extends Error {}

/** Before a line: drops what was left of one that never ended; and this one is not echoed. */
const QUIET = '\x1b[2H\x10';
/** Ends what runs; the second within five seconds at an empty line ends a Linux interpreter. */
const INTERRUPT = '\x03';
const INTERRUPT_EVERY_MS = 6000;
const KEPT = 4000;
const ATTEMPTS = 8;
/** For what takes no time. */
const QUICK_MS = 4000;
/** Between two attempts to wake it. */
const KNOCK_MS = 1000;
/** Letters of data in a line: the whole of it fits into the Linux interpreter's input buffer. */
const PIECE = 400;

/** What an answer looks like: the prompt, an echo or a line of the firmware cannot be taken for one. */
const ANSWER = /<hil (\d+) (\d+) ([^>\r\n]*)>/;
/** Source of a statement that gives the device the function which answers command `n`; where `print` is taken, with another. */
const SAY = sayWith('print');
export function sayWith(print: string): string {
  return `hilSay=function(n,t){t=""+t;${print}("<hil "+n+" "+E.CRC32(t)+" "+t+">")}`;
}

export class Console {
  private said = '';
  private asked = 0;
  private waiting: { n: number; resolve(text: string): void; reject(error: Error): void } | undefined;
  private lost: Error | undefined;
  /** Lines that had to be sent again. */
  repeated = 0;

  constructor(private readonly port: Port) {
    port.onText((text) => this.hear(text));
    port.onClosed((why) => {
      this.lost ??= new ConsoleError(`the connection is gone: ${why}`);
      this.waiting?.reject(this.lost);
    });
  }

  /** The last of what the device said, for a person. */
  get tail(): string {
    return this.said
      .replace(/\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f]+/g, ' ')
      .trim()
      .slice(-300);
  }

  /** Sends a line that answers nothing. */
  tell(line: string): void {
    this.port.write(`${QUIET}${line}\n`);
  }

  /** The value of an expression on the device, as text; it may be evaluated more than once. @throws ConsoleError */
  evaluate(expression: string, timeout_ms = QUICK_MS): Promise<string> {
    return this.run((n) => `hilSay(${n},${expression})`, timeout_ms);
  }

  /** Sends the line that `command` makes of its number, which answers it, more than once if need be. @throws ConsoleError */
  async run(command: (n: number) => string, timeout_ms: number): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(command, timeout_ms);
      } catch (error) {
        if (this.lost || attempt === ATTEMPTS) throw error;
        this.repeated++;
      }
    }
  }

  /** Puts a text into the device's global array `hilText`, a piece after the other. @throws ConsoleError */
  async upload(text: string): Promise<void> {
    for (let at = 0; at === 0 || at < text.length; at += PIECE) {
      const piece = text.slice(at, at + PIECE);
      const put = `hilText[${at / PIECE}]=${JSON.stringify(piece)}`;
      const crc = String(crc32(Buffer.from(piece, 'latin1')));
      for (let attempt = 1; ; attempt++) {
        if ((await this.evaluate(`E.CRC32((${at === 0 ? 'hilText=[],' : ''}${put}))`)) === crc) break;
        this.repeated++;
        if (attempt === ATTEMPTS) throw new ConsoleError('the connection garbles what is sent');
      }
    }
  }

  /** Asks until the device answers, and this. @throws ConsoleError when it does not within `timeout_ms` */
  async wake(timeout_ms: number, expression = '6*7', expected = '42'): Promise<void> {
    const began_ms = performance.now();
    let interrupt_ms = began_ms + 3 * KNOCK_MS;
    for (;;) {
      if (performance.now() > interrupt_ms) {
        this.port.write(INTERRUPT);
        interrupt_ms += INTERRUPT_EVERY_MS;
      }
      this.tell(`if(!global.hilSay)${SAY}`);
      try {
        if ((await this.ask((n) => `hilSay(${n},${expression})`, KNOCK_MS)) === expected) return;
      } catch (error) {
        if (this.lost || performance.now() > began_ms + timeout_ms) throw error;
      }
    }
  }

  close(): Promise<void> {
    return this.port.close();
  }

  private async ask(command: (n: number) => string, timeout_ms: number): Promise<string> {
    if (this.lost) throw this.lost;
    const n = ++this.asked;
    const answer = new Promise<string>((resolve, reject) => (this.waiting = { n, resolve, reject }));
    const late = (): void =>
      this.fail(
        new ConsoleError(`the device did not answer in ${timeout_ms / 1000} s; it said: ${this.tail || 'nothing'}`),
      );
    const timer = setTimeout(late, timeout_ms);
    try {
      this.tell(command(n));
      return await answer;
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }

  private hear(text: string): void {
    this.said += text;
    for (let found = ANSWER.exec(this.said); found; found = ANSWER.exec(this.said)) {
      this.said = this.said.slice(found.index + found[0].length);
      const [, n, crc, answer] = found as unknown as [string, string, string, string];
      if (this.waiting?.n !== Number(n)) continue;
      if (crc32(Buffer.from(answer, 'latin1')) === Number(crc)) this.waiting.resolve(answer);
      else this.fail(new ConsoleError('the answer is garbled'));
    }
    const uncaught = /Uncaught ([^\r\n]{5,})[\r\n]/.exec(this.said);
    if (uncaught) {
      this.said = this.said.slice(uncaught.index + uncaught[0].length);
      this.fail(new ConsoleError(`the device says: ${uncaught[1]}`));
    }
    // The begin of an answer that is still coming stays.
    if (!this.said.includes('<hil ') && this.said.length > KEPT) this.said = this.said.slice(-KEPT);
  }

  private fail(error: ConsoleError): void {
    this.waiting?.reject(error);
  }
}
