import type { ReplayReport } from '../replay/replay';
import type { Build, Hil, Simulate, Volcano } from '../results/types';

/** The work behind the commands: the real one is wired in `main.ts`, tests bring their own. */
export interface Services {
  simulate: Simulate;
  volcano: Volcano;
  replay(file: string): Promise<ReplayReport>;
  build: Build;
  hil: Hil;
}
