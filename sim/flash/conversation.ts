/** Talks to the interpreter's console at the other end of a port. */
import { crc32 } from 'node:zlib';
import type { Port } from '../link/port';

/** The connection is gone, or the interpreter gives no answer or an error. */
export class ConversationError extends Error {}

/** Before a line: drops what was left of one that never ended, and the interpreter does not echo this one. */
const QUIET = '\x1b[2H\x10';
/** Ctrl-C: stops what runs. A second within five seconds ends the interpreter of a PC. */
const BREAK = '\x03';
const LONGEST_KEPT = 1 << 16;
/** How often a question is typed. */
const ATTEMPTS = 2;

export class Conversation {
  private heard = '';
  private lost: string | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly texts = new Set<(text: string) => void>();
  private questions = 0;

  constructor(private readonly port: Port) {
    port.onText((text) => {
      this.heard = (this.heard + text).slice(-LONGEST_KEPT);
      for (const listen of [...this.texts]) listen(text);
      for (const listen of [...this.listeners]) listen();
    });
    port.onClosed((why) => {
      this.lost = why;
      for (const listen of [...this.listeners]) listen();
    });
  }

  /** Whether the wire is faster than a UART. */
  get fast(): boolean {
    return /^tcp:/i.test(this.port.name);
  }

  /** Why the connection is gone; undefined while it is there. */
  get lostBecause(): string | undefined {
    return this.lost;
  }

  write(text: string): void {
    this.port.write(text);
  }

  /** Calls with all that arrives from now on. @returns what ends that */
  listen(listener: (text: string) => void): () => void {
    this.texts.add(listener);
    return () => void this.texts.delete(listener);
  }

  /** Takes this many milliseconds, or less when the connection is lost. */
  async pause(time_ms: number): Promise<void> {
    await this.until(() => undefined, time_ms).catch(() => undefined);
  }

  /**
   * Types a line and waits for what its answer, anything that arrives after it, is recognised by.
   * @returns undefined when the time is over
   * @throws ConversationError when the connection is lost
   */
  ask(line: string, answer: RegExp, timeout_ms: number): Promise<RegExpExecArray | undefined> {
    this.heard = '';
    this.write(line);
    return this.until(() => answer.exec(this.heard) ?? undefined, timeout_ms);
  }

  /**
   * The value of an expression on the device, as JSON takes it. What did not arrive as it was typed, or has no answer in time, is typed
   * again: it must not matter whether it is done once or twice.
   * @throws ConversationError when it throws there, or no answer comes
   */
  async evaluate(expression: string, timeout_ms = 10_000): Promise<unknown> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await this.tryEvaluate(expression, timeout_ms);
      if (found !== undefined) return found.value;
    }
    throw new ConversationError(`${this.port.name}: the interpreter gives no answer`);
  }

  /** The same, typed once; undefined when it did not arrive as it was typed, or no answer comes in time. */
  async tryEvaluate(expression: string, timeout_ms: number): Promise<{ value: unknown } | undefined> {
    // In two pieces, so that an echo of the line is not taken for the answer.
    const mark = `${(++this.questions).toString(36)}:`;
    const text = JSON.stringify(expression);
    // A wire may lose letters: nothing of the expression runs unless all of it is there.
    const run = `function(t){if(E.CRC32(t)!=${crc32(expression)})return"?";try{return"="+JSON.stringify([eval("("+t+")")])}catch(e){return"!"+e}}`;
    const found = await this.ask(
      `${QUIET}print("<"+"${mark}"+(${run})(${text})+">")\n`,
      new RegExp(`<${mark}([=!?])(.*)>\r?\n`),
      timeout_ms,
    );
    const [kind, answer] = [found?.[1], found?.[2]];
    if (kind === '!') throw new ConversationError(`${this.port.name}: the interpreter says: ${answer}`);
    return kind === '=' ? { value: (JSON.parse(answer!) as unknown[])[0] } : undefined;
  }

  /** Stops what runs on the device and does not end by itself. */
  async breakOff(): Promise<void> {
    this.write(BREAK);
    await this.pause(300);
  }

  private until<Found>(look: () => Found | undefined, timeout_ms: number): Promise<Found | undefined> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.listeners.delete(listener);
      };
      const timer = setTimeout(() => {
        end();
        resolve(undefined);
      }, timeout_ms);
      const listener = (): void => {
        const found = look();
        if (found === undefined && this.lost === undefined) return;
        end();
        if (found !== undefined) resolve(found);
        else reject(new ConversationError(`${this.port.name}: the connection is lost: ${this.lost}`));
      };
      this.listeners.add(listener);
      listener();
    });
  }
}
