/** The real work behind the commands. */
import { build } from '../build/build';
import { simulate } from '../campaign/simulate';
import { volcano } from '../campaign/volcano';
import { runFaults, traceFaults } from '../faults/faults';
import { flashBoard } from '../flash/flashBoard';
import { hil } from '../hil/hil';
import { measureBuild } from '../hil/measure';
import { openDevice } from '../link/openDevice';
import { monitorDevice } from '../link/session';
import { runMissions } from '../mission/command';
import { cyclePack } from '../pack/cyclePack';
import { replay } from '../replay/replay';
import { reproducePapers } from '../reproduce/run';
import { openDashboard } from '../web/server';
import { reportOf } from '../sweep/report/report';
import { runWorker } from '../sweep/redis/worker';
import { planSweep, runSweep } from '../sweep/sweep';
import type { Services } from './services';

export const services: Services = {
  simulate,
  missions: runMissions,
  volcano,
  reproduce: reproducePapers,
  replay,
  pack: cyclePack,
  faults: runFaults,
  faultTrace: traceFaults,
  sweep: runSweep,
  planSweep,
  worker: runWorker,
  report: reportOf,
  build,
  measureBuild,
  flash: flashBoard,
  hil,
  monitor: monitorDevice,
  openDevice,
  dashboard: openDashboard,
};
