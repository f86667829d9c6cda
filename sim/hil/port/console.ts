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
class Silence extends ConsoleError {}

/** Before a line: drops what was left of one that never ended; and this one is not echoed. */
const QUIET = '\x1b[2H\x10';
/** Ends what runs; the second within five seconds at an empty line ends a Linux interpreter. */
const INTERRUPT = '\x03';
const INTERRUPT_EVERY_MS = 6000;
const KEPT = 4000;
const ATTEMPTS = 8;
/** Without any answer: a firmware that tests itself looks at its console late, and so does a PC with much to do. */
const PATIENCE_MS = 30_000;
/** For what takes no time; then it is asked again. */
const QUICK_MS = 2000;
/** Nothing more is to come after so long. */
const QUIET_MS = 100;
/** Between two attempts to wake it. */
const KNOCK_MS = 1000;
/** Bytes of data in a line, a multiple of three: with its base64 the line fits into the Linux interpreter's input buffer. */
const PIECE_BYTES = 300;
/** The slowest that lines are taken. */
const SLOWEST_BYTES_MS = 2;
/** What a device has room for before it has looked at any of it: half of the input buffer of an ESP32. */
const WINDOW_PIECES = 4;

/** What an answer looks like: the prompt, an echo or a line of the firmware cannot be taken for one. */
const ANSWER = /<hil (\d+) (\d+) ([^>\r\n]*)>/;
/** What the device says where the tools below are gone. */
const FORGOTTEN = /"hil(Say|Put|Lacks)?" is not defined/;
/** Source of a statement that gives the device the function which answers command `n`; where `print` is taken, with another. */
export function sayWith(print: string): string {
  return `hilSay=function(n,t){t=""+t;${print}("<hil "+n+" "+E.CRC32(t)+" "+t+">")}`;
}
/**
 * The same for the function that takes piece `i` of upload `u`, if its checksum `c` is right: the array `hilText` keeps it, decoded. And
 * for the one that names the pieces which upload `u` lacks of those before `end`.
 */
const TOOLS = [
  sayWith('print'),
  'hilPut=function(u,i,c,t){if(E.CRC32(u+" "+i+" "+t)!=c)return;if(!global.hilText||hilText.u!=u)hilText=[],hilText.u=u;hilText[i]=atob(t);return 1}',
  'hilLacks=function(u,end){for(var l=[],i=0;i<end;i++)if(!global.hilText||hilText.u!=u||hilText[i]===undefined)l.push(i);return l.join(" ")}',
];

const nameOf = (tool: string): string => tool.slice(0, tool.indexOf('='));

export class Console {
  private said = '';
  private asked = 0;
  private waiting: { n: number; resolve(text: string): void; reject(error: Error): void } | undefined;
  private lost: Error | undefined;
  private uploads = 0;
  private heard_ms = 0;
  /** What may be the reason of a silence; begins with a semicolon. */
  suspicion = '';
  /** Lines that had to be sent again. */
  repeated = 0;
  /** The last error that nothing on the device has caught. */
  complaint = 'no error';
  /** Lines of an upload that may be under way at once: where nothing tells the sender to wait, no more than there is room for. */
  windowPieces = WINDOW_PIECES;

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

  /**
   * Sends the line that `command` makes of its number, which answers it, again and again if need be: each answer to it is as good.
   * @param timeout_ms for the first; it may compute so long
   * @throws ConsoleError
   */
  async run(command: (n: number) => string, timeout_ms: number): Promise<string> {
    const n = ++this.asked;
    let silent_ms = 0;
    let errors = 0;
    for (let wait_ms = timeout_ms; ; wait_ms = Math.min(wait_ms, QUICK_MS)) {
      try {
        return await this.ask(command, wait_ms, n);
      } catch (error) {
        if (this.lost) throw error;
        if (FORGOTTEN.test((error as Error).message) && (await this.isForgotten()))
          throw new ConsoleError('the device has restarted by itself');
        if (error instanceof Silence) silent_ms += wait_ms;
        else if (++errors === ATTEMPTS) throw error;
        else await this.settle();
        if (silent_ms > timeout_ms + PATIENCE_MS) throw this.silence(silent_ms);
        this.repeated++;
      }
    }
  }

  /** Puts bytes into the device's global array `hilText`, a string of them after the other. @throws ConsoleError */
  async upload(bytes: Buffer): Promise<void> {
    const upload = ++this.uploads;
    const lines: string[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES).toString('base64');
      const crc = crc32(`${upload} ${lines.length} ${piece}`);
      lines.push(`hilPut(${upload},${lines.length},${crc},"${piece}")`);
    }
    // One at a time, and only when the one before is answered: while it is read nothing else may come.
    for (let index = 0; this.windowPieces === 1 && index < lines.length; index++)
      for (let attempt = 1; (await this.evaluate(lines[index]!)) !== '1'; attempt++)
        if (attempt === ATTEMPTS) throw new ConsoleError('the connection garbles what is sent');
    for (let from = 0; this.windowPieces > 1 && from < lines.length; from += this.windowPieces) {
      const end = Math.min(lines.length, from + this.windowPieces);
      let lacking = lines.slice(from, end);
      for (let attempt = 1; lacking.length > 0; attempt++) {
        if (attempt > ATTEMPTS) throw new ConsoleError('the connection garbles what is sent');
        if (attempt > 1) this.repeated += lacking.length;
        if (attempt > 1) await this.settle();
        for (const line of lacking) this.tell(line);
        const sent = lacking.reduce((sum, line) => sum + line.length, 0);
        const answer = await this.evaluate(`hilLacks(${upload},${end})`, QUICK_MS + sent / SLOWEST_BYTES_MS);
        lacking = answer === '' ? [] : answer.split(' ').map((index) => lines[Number(index)]!);
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
      for (const tool of TOOLS) this.tell(`if(!global.${nameOf(tool)})${tool}`);
      try {
        const question = `typeof hilPut+typeof hilLacks+(${expression})`;
        const answer = await this.ask((n) => `hilSay(${n},${question})`, KNOCK_MS);
        if (answer === `functionfunction${expected}`) return;
      } catch (error) {
        if (this.lost || performance.now() > began_ms + timeout_ms) throw error;
        if (!(error instanceof Silence)) await this.settle();
      }
    }
  }

  /** JsVars in use on the device without what this has put there. */
  async bare(): Promise<number> {
    const usage = Number(await this.evaluate('process.memory().usage'));
    // Each with the name it is kept under.
    const sizes = TOOLS.map((tool) => `E.getSizeOf(${nameOf(tool)})+1`);
    return usage - Number(await this.evaluate(sizes.join('+')));
  }

  /** Leaves nothing on the device. */
  async close(): Promise<void> {
    const names = TOOLS.map((tool) => `delete global.${nameOf(tool)}`);
    if (!this.lost) await this.ask((n) => `hilSay(${n},"");${names.join(';')}`, QUICK_MS).catch(() => undefined);
    await this.port.close();
  }

  /** Whether the device has lost what it was given: a letter may have been lost instead. */
  private async isForgotten(): Promise<boolean> {
    const answer = (n: number, text: string): string => JSON.stringify(`hil ${n} ${crc32(text)} ${text}>`);
    // In pieces, so that an echo of it is no answer. The shim has its own print, and this is not answered.
    const command = (n: number): string => `print("<"+(global.hilSay?${answer(n, 'no')}:${answer(n, 'yes')}))`;
    return (await this.ask(command, KNOCK_MS).catch(() => '')) === 'yes';
  }

  /** What was garbled may be answered with errors for a while. */
  private async settle(): Promise<void> {
    const began_ms = performance.now();
    do await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    while (performance.now() - this.heard_ms < QUIET_MS && performance.now() - began_ms < QUICK_MS);
  }

  private async ask(command: (n: number) => string, timeout_ms: number, n = ++this.asked): Promise<string> {
    if (this.lost) throw this.lost;
    const answer = new Promise<string>((resolve, reject) => (this.waiting = { n, resolve, reject }));
    const timer = setTimeout(() => this.fail(this.silence(timeout_ms)), timeout_ms);
    try {
      this.tell(command(n));
      return await answer;
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }

  private silence(time_ms: number): Silence {
    const seconds = (time_ms / 1000).toFixed(0);
    return new Silence(
      `the device did not answer in ${seconds} s; it said: ${this.tail || 'nothing'}${this.suspicion}`,
    );
  }

  private hear(text: string): void {
    this.heard_ms = performance.now();
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
      this.complaint = uncaught[1]!;
      this.fail(new ConsoleError(`the device says: ${this.complaint}`));
    }
    // The begin of an answer that is still coming stays.
    if (!this.said.includes('<hil ') && this.said.length > KEPT) this.said = this.said.slice(-KEPT);
  }

  private fail(error: ConsoleError): void {
    this.waiting?.reject(error);
  }
}
