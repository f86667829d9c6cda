/**
 * The device entry: boot, self-test, schedule, watchdog. The console finds the state under `caldera`.
 *
 * The configuration is the file `caldera.json` in Storage; without one, a 1 Ah cell is cycled at 0.2C and 1C.
 */
import { cyclerWires } from '../hal/espruino/cycler';
import { after, expose, kickWatchdog, now_ms, printLine, readFile, startWatchdog } from '../hal/espruino/system';
import { createBms, tick, type Bms } from './bms';
import type { Config } from './config/config';
import { cyclerConfig } from './config/defaults';
import { Fault, faultName } from './protect/faults';

const CONFIG_FILE = 'caldera.json';
const RETRY_MS = 5000;
/** At least two seconds, and longer than the slowest tick period. */
const WATCHDOG_S = 3;

const caldera = { bms: undefined as Bms | undefined, error: '' };
let due_ms = 0;
let reportedCycles = 0;
let reportedFault = Fault.None;

function run(): void {
  const bms = caldera.bms as Bms;
  const began_ms = now_ms();
  const period_ms = tick(bms, began_ms);
  report(bms);
  kickWatchdog();
  // Kept on its grid; a tick that took too long is followed at once by the next.
  due_ms = Math.max(due_ms + period_ms, began_ms + 1);
  after(due_ms - began_ms, run);
}

/** Integers only: the interpreter prints floats with 11 digits. */
function report(bms: Bms): void {
  if (bms.run.finished !== reportedCycles) {
    reportedCycles = bms.run.finished;
    const last = bms.run.last;
    printLine(
      'cycle ' + last.loop + ' ' + last.n + ' ' + Math.floor(last.charge_mC) + ' ' + Math.floor(last.discharge_mC),
    );
  }
  if (bms.protection.fault !== reportedFault) {
    reportedFault = bms.protection.fault;
    printLine('fault ' + reportedFault + ' ' + faultName(reportedFault));
  }
}

/** Starts the channel; a board that fails its self-test stays safe, says why and tries again: it can always be talked to. */
function start(): void {
  try {
    const stored = readFile(CONFIG_FILE);
    const config: Config =
      stored === undefined
        ? cyclerConfig({ capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 }, 0.2, 1, 0)
        : JSON.parse(stored);
    const wires = cyclerWires(config.board);
    const began_ms = now_ms();
    caldera.bms = createBms(config, wires, began_ms);
    caldera.error = '';
    due_ms = began_ms + config.pace.fast_ms;
    startWatchdog(WATCHDOG_S);
    printLine('ready');
    after(config.pace.fast_ms, run);
  } catch (error) {
    caldera.error = '' + error;
    printLine('self-test failed: ' + caldera.error);
    after(RETRY_MS, start);
  }
}

expose('caldera', caldera);
start();
