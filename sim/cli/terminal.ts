/** Where a command writes and how it is told to stop: the process's own streams, or a test's. */
export interface Terminal {
  /** Results only. */
  stdout(text: string): void;
  /** Progress, notes and errors. */
  stderr(text: string): void;
  /** True where `stderr` is a terminal that a progress bar can be drawn on. */
  showsProgress: boolean;
  /** Characters in a line where `stdout` is a terminal. */
  width?: number | undefined;
  /** Aborts at the first Ctrl-C. */
  signal: AbortSignal;
}

/** This process's streams. */
export const processTerminal = (signal: AbortSignal): Terminal => ({
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  showsProgress: process.stderr.isTTY === true,
  width: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  signal,
});
