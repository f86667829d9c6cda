/** A scenario that runs alike on Node and, bundled, on the interpreter: all that records can do, told in words. */
import type { FlashArea } from '../../hal/bus';
import { append } from '../../firmware/record/append';
import { auditPage } from '../../firmware/record/audit';
import { eraseAhead } from '../../firmware/record/erase';
import { logEvent } from '../../firmware/record/event';
import { forget, keep, keepParts } from '../../firmware/record/keep';
import { Kind, Tally, type Checksum, type Records } from '../../firmware/record/layout';
import { openRecords } from '../../firmware/record/open';
import { nextRecords, recallParts, recallWords } from '../../firmware/record/recall';
import { createSamples, keepTrace, takeSample } from '../../firmware/record/samples';

type Say = (text: string) => void;

/** Says what a boot finds. */
export function tell(area: FlashArea, checksum: Checksum, say: Say): Records {
  const r = openRecords(area, checksum);
  let tally = 'tally';
  for (let k = 0; k < Tally.length; k++) tally += ' ' + r.tally[k];
  say(tally);
  const count = recallWords(r, Kind.Count);
  say('count ' + (count === undefined ? 'none' : count.join(' ')));
  const setup = recallWords(r, Kind.Setup);
  say('setup ' + (setup === undefined ? 'none' : setup.join(' ')));
  const state = recallParts(r, Kind.State);
  let parts = 'state';
  if (state !== undefined)
    for (let k = 0; k < state.length; k++) parts += ' ' + state[k].length + ': ' + state[k].join(' ');
  say(parts);
  for (let kind = Kind.Event; kind < Kind.length; kind++) {
    const cursor = { opened: 0, slot: -1 };
    let all = 0;
    for (let some = nextRecords(r, kind, cursor, 20); some.length > 0; some = nextRecords(r, kind, cursor, 20)) {
      for (let k = 0; k < some.length; k++) all = (all * 31 + checksum(some[k])) % 1000003;
    }
    say('log ' + kind + ' ' + all);
  }
  let corrupt = 0;
  for (let p = 0; p < area.pages; p++) corrupt += auditPage(r, p);
  say('corrupt ' + corrupt);
  return r;
}

/** Writes from minute `from` on. */
export function live(r: Records, from: number, minutes: number): void {
  const count = new Int32Array(12);
  const samples = createSamples();
  const sample = new Int16Array(3);
  for (let minute = from; minute < from + minutes; minute++) {
    if (r.tally[Tally.stock] < 2) while (eraseAhead(r)) sample[2]++;
    count[0] = minute;
    count[1] = -minute * 1000;
    append(r, Kind.Count, count);
    sample[0] = minute;
    takeSample(samples, minute, sample);
    if (minute % 2 === 0) logEvent(r, minute % 256, minute, -minute, 70000 * minute, -minute / 2);
    if (minute % 60 === 0)
      keepParts(r, Kind.State, [
        new Float64Array([minute, 0.25, -1048576]),
        new Float64Array(0),
        new Float64Array(40).fill(minute),
      ]);
    if (minute % 45 === 0) keepTrace(r, samples, minute);
    if (minute === 100) keep(r, Kind.Setup, new Int32Array([7, 8, minute]));
    if (minute === 150) forget(r, Kind.State);
  }
}
