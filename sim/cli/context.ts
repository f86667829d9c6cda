import type { Services } from './services';
import type { Terminal } from './terminal';

/** What every command is given, and where it leaves its exit code. */
export interface Context {
  terminal: Terminal;
  services: Services;
  version: string;
  /** 0 done; 1 the run failed its purpose; 2 wrong input; 130 stopped by Ctrl-C. */
  exitCode: number;
}
