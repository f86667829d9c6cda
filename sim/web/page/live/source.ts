/** Where the page hears a board. */
export interface Source {
  /** As it is shown: a serial port, this server. */
  readonly name: string;
  /** While it listens no other program can have the board. */
  readonly isExclusive: boolean;
  /** One command and its answer: `ok ...`, `refused: ...`, `error: ...`. Rejects when the board cannot be reached. */
  request(line: string): Promise<string>;
  stop(): void;
}
