/** The page's connection to a board. It goes on while another view is shown, and nothing that was received is lost. */
import type { LiveEntry } from '../../liveSource';
import { LiveRecord } from './record';
import { listenToSerial } from './serial';
import { listenToServer, serverOffers } from './serverStream';
import type { Source } from './source';

class Connection {
  record = new LiveRecord();
  source: Source | undefined;
  /** The server that told of the board cannot be reached. */
  serverIsGone = false;
  private wasStarted = false;
  private readonly listeners = new Set<() => void>();

  /** @returns what ends it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Listens to the board of the server that the page came from, where it has one and no other was chosen. */
  startWithServer(): void {
    if (this.wasStarted || !serverOffers('board')) return;
    this.wasStarted = true;
    this.source = listenToServer(
      (entries, now_ms) => this.hear(entries, now_ms),
      (isGone) => {
        if (this.serverIsGone === isGone) return;
        this.serverIsGone = isGone;
        this.changed();
      },
    );
    this.changed();
  }

  /** Lets the user choose a port; only in answer to a click. What another board has said is left behind. */
  async chooseSerial(): Promise<void> {
    const record = new LiveRecord();
    const source = await listenToSerial((entry) => {
      record.hear([entry], Date.now());
      this.changed();
    });
    if (source === undefined) return;
    this.wasStarted = true;
    this.source?.stop();
    this.serverIsGone = false;
    this.record = record;
    this.source = source;
    this.changed();
  }

  /** What was received stays. */
  disconnect(): void {
    this.source?.stop();
    this.source = undefined;
    this.record.closed = 'disconnected';
    this.changed();
  }

  private hear(entries: readonly LiveEntry[], now_ms: number): void {
    this.record.hear(entries, now_ms);
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

export const connection = new Connection();
