import { describe, expect, test } from 'vitest';
import { auditPage } from '../../firmware/record/audit';
import { EVENTS_KEPT, TRACES_KEPT, eraseAhead } from '../../firmware/record/erase';
import { Tally, type Records } from '../../firmware/record/layout';
import { PowerCut } from '../../sim/chips/flash';
import { Random } from '../../sim/random';
import {
  readCount,
  readEvents,
  readSetup,
  readState,
  readTraces,
  writeCount,
  writeEvent,
  writeSetup,
  writeState,
  writeTrace,
} from './device';
import { MEDIA, boot, eraseAll, norFlash, type Medium } from './media';

const CYCLES = 200;
/** A charge of 5 h, a discharge of 2 h, the channel rests after each. */
const CHARGE_MIN = 300;
const CYCLE_MIN = 420;
const TRACE_EVERY = 3000;

/** The last record of a kind that was written for sure, the last that was begun, and what the last boot recalled. */
interface Progress {
  sure: number;
  begun: number;
  recalled: number;
}

const nothing = (): Progress => ({ sure: 0, begun: 0, recalled: 0 });

/**
 * A device over its life: a count a minute, an event now and then, the state once a cycle, a setup every tenth; what it recalls after
 * each loss of power is held against what it had written.
 */
class Life {
  readonly count = nothing();
  readonly state = nothing();
  readonly setup = nothing();
  readonly events: number[] = [];
  readonly traces: number[] = [];
  /** Erases that could not wait until the channel rested. */
  forced = 0;
  cuts = 0;
  private event = 0;
  private trace = 0;
  private minute = 0;
  private records!: Records;

  constructor(
    private readonly medium: Medium,
    private readonly nextCut: () => number,
  ) {}

  run(): Records {
    this.powerUp();
    while (this.minute < CYCLES * CYCLE_MIN) {
      try {
        this.minute++;
        this.work(this.records);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        this.cuts++;
        this.powerUp();
      }
    }
    this.medium.model.cutAfter = Infinity;
    return this.records;
  }

  private work(r: Records): void {
    const { minute } = this;
    this.write(this.count, minute, writeCount);
    if (minute % 37 === 0) this.log(this.events, ++this.event, writeEvent);
    if (minute % TRACE_EVERY === 0) this.log(this.traces, ++this.trace, writeTrace);
    const inCycle = minute % CYCLE_MIN;
    if (inCycle === 0) this.write(this.state, minute / CYCLE_MIN, writeState);
    if (minute % (10 * CYCLE_MIN) === 0) this.write(this.setup, minute / (10 * CYCLE_MIN), writeSetup);
    if (inCycle === 0 || inCycle === CHARGE_MIN) eraseAll(r);
  }

  private write(progress: Progress, n: number, write: (r: Records, n: number) => boolean): void {
    progress.begun = Math.max(n, progress.begun);
    this.tryTo(write, n);
    progress.sure = n;
  }

  private log(all: number[], n: number, write: (r: Records, n: number) => boolean): void {
    this.tryTo(write, n);
    all.push(n);
  }

  private tryTo(write: (r: Records, n: number) => boolean, n: number): void {
    while (!write(this.records, n)) {
      this.forced++;
      expect(eraseAhead(this.records)).toBe(true);
    }
  }

  /** Boots until power holds long enough; checks what is recalled before anything is written. */
  private powerUp(): void {
    for (;;) {
      this.records = boot(this.medium);
      this.check();
      this.medium.model.cutAfter = this.nextCut();
      try {
        eraseAll(this.records);
        this.write(this.count, this.count.recalled, writeCount);
        return;
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        this.cuts++;
      }
    }
  }

  private check(): void {
    this.checkProgress('count', this.count, readCount);
    this.checkProgress('state', this.state, readState);
    this.checkProgress('setup', this.setup, readSetup);
    // What was lost of counting is the minute under way.
    expect(this.count.begun - this.count.sure).toBeLessThanOrEqual(1);
    this.minute = this.count.recalled;
    if (this.cuts % 20 !== 0) return;
    checkLog('events', readEvents(this.records), this.events, EVENTS_KEPT);
    checkLog('traces', readTraces(this.records), this.traces, TRACES_KEPT);
  }

  private checkProgress(what: string, progress: Progress, read: (r: Records) => number | undefined): void {
    const found = read(this.records) ?? 0;
    if (found < progress.sure || found > progress.begun)
      throw new Error(`${what} ${found} after cut ${this.cuts}: ${progress.sure} was written, ${progress.begun} begun`);
    progress.recalled = found;
  }
}

/** All of the last `least` that were written for sure are there, in order. */
function checkLog(what: string, found: readonly number[], written: readonly number[], least: number): void {
  for (let k = 1; k < found.length; k++)
    if (found[k]! <= found[k - 1]!) throw new Error(`${what}: ${found[k]} after ${found[k - 1]}`);
  const there = new Set(found);
  for (const n of written.slice(-least))
    if (!there.has(n)) throw new Error(`${what}: ${n} of ${written.length} is gone`);
}

describe.each(MEDIA)('a life of 200 cycles, records in %s', (_name, create) => {
  test('2,000 losses of power at random bytes: nothing that was written is lost', () => {
    const random = new Random(11, 'cuts');
    // A cut falls on average after a two-thousandth of what the life writes and erases.
    const life = new Life(create(), () => Math.floor(random.uniform() * 17_000));
    const r = life.run();
    expect(life.cuts).toBeGreaterThanOrEqual(2000);
    expect(life.count.sure).toBe(CYCLES * CYCLE_MIN);
    expect(readState(r)).toBeGreaterThanOrEqual(life.state.sure);
    // Ten cuts a cycle tear the log; with the pages it then needs, the stock does not always last from rest to rest.
    expect(life.forced).toBeLessThan(0.02 * life.cuts);
    expect(r.tally[Tally.bad]).toBe(0);
    for (let p = 0; p < r.area.pages; p++) expect(auditPage(r, p)).toBe(0);
  });
});

describe('a life of 200 cycles without a fault', () => {
  test('no erase while current flows; pages wear alike', () => {
    const medium = norFlash();
    const life = new Life(medium, () => Infinity);
    const r = life.run();
    expect(life.forced).toBe(0);
    const erases = [...medium.model.erases].sort((a, b) => a - b);
    const most = erases.at(-1) as number;
    const perYear = (most * 365.25 * 1440) / (CYCLES * CYCLE_MIN);
    // 100,000 erases (W25Q32JV datasheet, features) are more than a century.
    expect(perYear).toBeLessThan(1000);
    expect(perYear).toBeGreaterThan(300);
    // But for the two pages of commissioning, which stay.
    expect(erases[2]! / most).toBeGreaterThan(0.3);
    expect(r.tally[Tally.erases]).toBe(most);
  });
});
