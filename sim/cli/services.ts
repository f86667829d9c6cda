import type { runFaults, traceFaults } from '../faults/faults';
import type { measureBuild } from '../hil/measure';
import type { openDevice } from '../link/openDevice';
import type { monitorDevice } from '../link/session';
import type { flashBoard } from '../flash/flashBoard';
import type { runMissions } from '../mission/command';
import type { cyclePack } from '../pack/cyclePack';
import type { replay } from '../replay/replay';
import type { reproducePapers } from '../reproduce/run';
import type { openDashboard } from '../web/server';
import type { Build, Hil, Simulate, Volcano } from '../results/types';
import type { reportOf } from '../sweep/report/report';
import type { runWorker } from '../sweep/redis/worker';
import type { planSweep, runSweep } from '../sweep/sweep';

/** The work behind the commands: the real one is wired in `main.ts`, tests bring their own. */
export interface Services {
  simulate: Simulate;
  volcano: Volcano;
  missions: typeof runMissions;
  replay: typeof replay;
  reproduce: typeof reproducePapers;
  pack: typeof cyclePack;
  faults: typeof runFaults;
  faultTrace: typeof traceFaults;
  sweep: typeof runSweep;
  planSweep: typeof planSweep;
  worker: typeof runWorker;
  report: typeof reportOf;
  build: Build;
  measureBuild: typeof measureBuild;
  flash: typeof flashBoard;
  hil: Hil;
  monitor: typeof monitorDevice;
  openDevice: typeof openDevice;
  dashboard: typeof openDashboard;
}
