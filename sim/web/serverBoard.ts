/**
 * A board for several browsers at a time: what it says as server-sent events, and the commands that a page may give it.
 *
 * Each message is `{"after": "<run>-<n>", "now_ms": ..., "entries": [...]}`: the entries up to number n of this run of the server, and the
 * server's clock, by which the page knows how old they are. A browser that comes back asks for what came after the last it has; so
 * what it missed meanwhile is not lost. Every half second there is a message, an empty one where nothing was heard.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LinkError } from '../link/deviceLink';
import type { LiveEntry, LiveSource } from './liveSource';

/** Entries that are kept for who comes later: some hours. */
const KEPT = 50_000;
const PER_MESSAGE = 1000;
const BEAT_MS = 500;
/** A browser that does not read is let go; it comes back by itself. */
const MOST_WAITING_BYTES = 64 << 20;

/**
 * What a page may ask of a board: readings, and what the commissioning key authorises. The key stays in the browser, and the board itself
 * judges the response (docs/authorisation.md).
 */
const COMMANDS = /^(version|status|limits|counters|help|read \d+ \d+|challenge [ -~]+|do [ -~]+)$/;
const LONGEST_COMMAND = 1024;

export class BoardServer {
  private readonly run = Date.now().toString(36);
  private readonly kept: string[] = [];
  /** Number of the first that is kept. */
  private first = 1;
  /** Whether the board was there last, and which it is. */
  private connection: string | undefined;
  private readonly browsers = new Set<ServerResponse>();
  private readonly beat = setInterval(() => this.tellAll(), BEAT_MS);

  hear(entry: LiveEntry): void {
    const text = JSON.stringify(entry);
    if (entry.kind === 'opened' || entry.kind === 'closed') this.connection = text;
    this.kept.push(text);
    if (this.kept.length > KEPT + PER_MESSAGE) {
      this.kept.splice(0, PER_MESSAGE);
      this.first += PER_MESSAGE;
    }
    this.tellAll(this.next - 1);
  }

  /** @param after what the browser had last, as a message said it; null: it has nothing */
  stream(response: ServerResponse, after: string | null): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
    const [run, number] = (after ?? '').split('-');
    const had = run === this.run && /^\d+$/.test(number ?? '') ? Number(number) : 0;
    let from = Math.min(Math.max(had + 1, this.first), this.next);
    // What said so is no longer kept.
    if (from > had + 1 && this.connection !== undefined) this.write(response, from - 1, this.connection);
    do {
      this.tell(response, from, Math.min(from + PER_MESSAGE, this.next));
      from += PER_MESSAGE;
    } while (from < this.next);
    this.browsers.add(response);
    response.on('close', () => this.browsers.delete(response));
    response.on('error', () => this.browsers.delete(response));
  }

  close(): void {
    clearInterval(this.beat);
    for (const browser of this.browsers) browser.end();
  }

  private get next(): number {
    return this.first + this.kept.length;
  }

  private tellAll(from = this.next): void {
    for (const browser of this.browsers)
      if (browser.writableLength > MOST_WAITING_BYTES) browser.destroy();
      else this.tell(browser, from, this.next);
  }

  private tell(browser: ServerResponse, from: number, end: number): void {
    this.write(browser, end - 1, this.kept.slice(from - this.first, end - this.first).join(','));
  }

  private write(browser: ServerResponse, after: number, entries: string): void {
    browser.write(`data: {"after":"${this.run}-${after}","now_ms":${Date.now()},"entries":[${entries}]}\n\n`);
  }
}

/** The command in a request's body, given to the board: its answer, or 403 for what no page may ask. */
export async function serveCommand(
  source: Pick<LiveSource, 'request'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let line = '';
  for await (const piece of request.setEncoding('latin1') as AsyncIterable<string>) {
    line += piece;
    if (line.length > LONGEST_COMMAND) break;
  }
  const say = (status: number, text: string): void => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(text);
  };
  if (line.length > LONGEST_COMMAND || !COMMANDS.test(line))
    return say(
      403,
      'refused: a page may read, and give commands with a response to a challenge (docs/authorisation.md)',
    );
  try {
    say(200, await source.request(line));
  } catch (error) {
    say(error instanceof LinkError ? 503 : 400, `error: ${(error as Error).message}`);
  }
}
