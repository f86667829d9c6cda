/** Starts the device and hears what it says of itself. */
import { isMarked, Mark, readSlot, SLOTS } from '../../firmware/loader/slots';
import { EVENT } from '../../firmware/link/link';
import { decodeLine, Lines } from '../link/frame';
import { ConversationError, type Conversation } from './conversation';
import { readManifests } from './deviceFiles';
import { restart, type Interpreter } from './openConsole';

export interface StartReport {
  /** What runs, as the loader names it, such as `a: cycler 0.1.0 0123456789abcdef`; '' when nothing does. */
  runs: string;
  /** Whether that is what was flashed. */
  asFlashed: boolean;
  /** 'ready', or why the self-test failed; '' when nothing was said in time. */
  selfTest: string;
  /** The firmware has taken itself off trial; null: its console is closed, it cannot be asked. */
  confirmed: boolean | null;
  /** All that was said for a person. */
  said: string[];
}

/** A self-test that fails makes a firmware on trial start anew, at once: what follows the second is another firmware. */
const AFTER_FAILURE_MS = 3000;
const CONFIRMED_WITHIN_MS = 8000;

export async function startReport(
  device: Conversation,
  interpreter: Interpreter,
  label: string,
  slot: string,
  report_s: number,
): Promise<StartReport> {
  const report: StartReport = { runs: '', asFlashed: false, selfTest: '', confirmed: null, said: [] };
  let changed_ms = Date.now();
  const lines = new Lines();
  const stop = device.listen((text) => {
    for (const line of lines.add(text)) {
      const said = wordsOf(line);
      if (said === undefined) continue;
      report.said.push(said);
      const [, runs] = /^firmware ([ab]: \S+ \S+ [0-9a-f]{16})$/.exec(said) ?? [];
      const [, failed] = /^self-test failed: (?:Error: )?(.*)$/.exec(said) ?? [];
      if (runs !== undefined) {
        report.runs = runs;
        report.selfTest = '';
      } else if (said === 'ready') report.selfTest = said;
      else if (failed !== undefined) report.selfTest = failed;
      else if (/^(no firmware in flash is whole|the loader failed)/.test(said)) report.runs = report.selfTest = '';
      changed_ms = Date.now();
    }
  });
  try {
    device.write(`\x1b[2H\x10${restart(interpreter)}\n`);
    const until_ms = Date.now() + 1000 * report_s;
    while (Date.now() < until_ms && !isOver(report, Date.now() - changed_ms)) {
      if (device.lostBecause !== undefined)
        throw new ConversationError(`the connection was lost before its self-test: ${device.lostBecause}`);
      await device.pause(50);
    }
    report.asFlashed = report.runs === `${slot[0]}: ${label}`;
    if (report.selfTest === 'ready') report.confirmed = await isConfirmed(device, report.runs);
  } finally {
    stop();
  }
  return report;
}

function isOver({ selfTest }: StartReport, quiet_ms: number): boolean {
  return selfTest === 'ready' || (selfTest !== '' && quiet_ms >= AFTER_FAILURE_MS);
}

/** What a line says to a person: one of the firmware, framed or not. */
function wordsOf(line: string): string | undefined {
  const frame = decodeLine(line);
  if (frame !== undefined) return frame.type === EVENT ? frame.payload : undefined;
  const at = line.indexOf('#');
  return at < 0 || line.startsWith('#C', at) ? undefined : line.slice(at + 1).trim();
}

/** After `ready` the self-test moves the switches, which takes a while. */
async function isConfirmed(device: Conversation, runs: string): Promise<boolean | null> {
  const prefix = SLOTS.find((one) => one[0] === runs[0]);
  if (prefix === undefined) return null;
  for (const began_ms = Date.now(); Date.now() - began_ms < CONFIRMED_WITHIN_MS; await device.pause(500)) {
    if (!(await device.tryEvaluate('1', 1500)) && !(await device.tryEvaluate('1', 1500))) return null;
    const slot = readSlot(await readManifests(device), prefix);
    if (slot !== undefined && isMarked(slot, Mark.confirmed)) return true;
  }
  return false;
}
