/**
 * A scenario on a device that is reached by its console alone. The simulator runs ahead, and what it recorded is replayed in
 * batches: the device must ask for the same in the same order, and its numbers must agree whenever they are looked at.
 */
import { describeRequest, type Request } from '../board';
import { scenarioFiles, type Scenario } from '../scenarios';
import { firstDifference, largestDifference, TOLERANCE } from '../state';
import type { BuildResult } from '../../results/types';
import type { BatchReport, PortDevice } from './portDevice';
import { canBeTimed, checksum, encodeTick, noteRequest, notesOf, OP, type RecordedTick } from './tickCode';
import { Twin } from './twin';

/** Every how many ticks one is timed: all phases of what is done once a second come round. */
const TIME_EVERY = 7;
/** Ticks between two looks at all numbers; a slow line takes a second for one. */
const STATE_EVERY = 500;
/** Batches in real time last this long, so that a broken connection is noticed. */
const REALTIME_MS = 10_000;

export interface ReplayOptions {
  realtime?: boolean;
  onTick?: (ticks: number) => void;
  signal?: AbortSignal;
}

export interface Replay {
  ticks: number;
  /** The first difference to Node, with tick and time. */
  divergence: string | undefined;
  verdict: string | undefined;
  largestDifference: number;
  /** In JsVars, without what stands in for the hardware. */
  memory: { booted: number; most: number; end: number };
  /** Bytes of each array that the firmware keeps. */
  arrays: readonly number[];
  /** Of the ticks that were timed: [us], and in Leibniz steps; and of what was done between ticks. */
  ticks_us: number[];
  steps: number[];
  sliceSteps: number[];
  /** How late ticks began, in real time [ms]. */
  late_ms: number[];
}

/** @throws ConsoleError when the device is gone */
export async function replay(
  scenario: Scenario,
  built: BuildResult,
  device: PortDevice,
  options: ReplayOptions = {},
): Promise<Replay> {
  const first = await new Run(scenario, built, device, options).toEnd();
  if (first.differsAfter === undefined) return first.result;
  // Once more, and from the last tick on that was found right one by one, with all the device does.
  const again = await new Run(scenario, built, device, { ...options, realtime: false }, first.differsAfter).toEnd();
  return {
    ...first.result,
    divergence: again.result.divergence ?? `${first.result.divergence}; not so when it was run again`,
  };
}

class Run {
  private readonly twin: Twin;
  private readonly result: Replay;
  private differsAfter: number | undefined;
  private matched = 0;
  private looked = 0;
  private nextTimed = 0;
  /** JsVars of code that was copied into memory. */
  private codeVars = 0;

  /** @param detailAfter tick after which all is looked at one by one */
  constructor(
    private readonly scenario: Scenario,
    built: BuildResult,
    private readonly device: PortDevice,
    private readonly options: ReplayOptions,
    private readonly detailAfter = Infinity,
  ) {
    this.twin = new Twin(scenario, built);
    this.result = {
      ticks: 0,
      divergence: undefined,
      verdict: undefined,
      largestDifference: 0,
      memory: { booted: 0, most: 0, end: 0 },
      arrays: this.twin.arrays,
      ticks_us: [],
      steps: [],
      sliceSteps: [],
      late_ms: [],
    };
  }

  async toEnd(): Promise<{ result: Replay; differsAfter: number | undefined }> {
    const { device, twin, result, scenario } = this;
    const { memory } = result;
    let ok = await this.boot(false);
    if (ok && scenario.long && device.flashIsSlow) {
      const { booted } = memory;
      ok = await this.boot(true);
      // What code takes in memory it would not on a board.
      this.codeVars = memory.booted - booted;
      memory.booted = booted;
    }
    memory.most = memory.booted;
    ok = ok && (await this.look());
    while (ok && !twin.done) {
      this.options.signal?.throwIfAborted();
      ok = await this.play(this.nextBatch());
      if (ok && (twin.done || this.inDetail || twin.callbacks - this.looked >= STATE_EVERY)) ok = await this.look();
      this.options.onTick?.(twin.ticks);
    }
    result.ticks = twin.ticks;
    memory.end = this.ofFirmware(await device.usage());
    memory.most = Math.max(memory.most, memory.end);
    if (ok) result.verdict = twin.verdict;
    return { result, differsAfter: ok ? undefined : this.differsAfter };
  }

  private async boot(copied: boolean): Promise<boolean> {
    const { device, result } = this;
    await device.prepare(scenarioFiles(this.scenario), copied);
    if (this.inDetail) await device.listNotes();
    const ok = await this.play([this.twin.bootTick]);
    result.memory.booted = this.ofFirmware(await device.measure());
    return ok;
  }

  private ofFirmware(vars: number): number {
    return vars - this.device.shim - this.codeVars;
  }

  private get inDetail(): boolean {
    return this.twin.callbacks >= this.detailAfter;
  }

  /** As much as the device has room for, at least a tick. */
  private nextBatch(): RecordedTick[] {
    const { twin, device } = this;
    const batch: RecordedTick[] = [];
    let bytes = 0;
    let lasts_ms = 0;
    do {
      const tick = twin.tick();
      batch.push(tick);
      bytes += encodeTick(tick, false).length;
      lasts_ms += tick.wait_ms;
    } while (
      !twin.done &&
      !this.inDetail &&
      twin.callbacks < this.detailAfter &&
      bytes < device.batchBytes &&
      batch.length < device.batchTicks &&
      (!this.options.realtime || lasts_ms < REALTIME_MS)
    );
    return batch;
  }

  private async play(batch: readonly RecordedTick[]): Promise<boolean> {
    const { device, twin, options } = this;
    const before = twin.callbacks - batch.length;
    const timed = batch.map((tick, index) => !options.realtime && this.isTimed(tick, before + index));
    const lasts_ms = options.realtime ? batch.reduce((sum, { wait_ms }) => sum + wait_ms, 0) : 0;
    const report = await device.run(
      batch.map((tick, index) => encodeTick(tick, timed[index]!)),
      lasts_ms,
    );
    if (report.notes !== undefined && this.detailAfter < Infinity) {
      const differs = firstNote(batch[0]!, timed[0]!, report.notes);
      if (differs !== undefined) return this.differ(`${this.where(batch[0]!, before + 1)}, ${differs}`, before);
    }
    if (report.failure !== undefined)
      return this.differ(`after tick ${before}: the firmware on the device: ${report.failure}`, before);
    for (const [index, tick] of batch.entries()) {
      const number = tick.timer === 0 ? 0 : before + index + 1;
      if (report.checksums[index] !== checksum(notesOf(tick, timed[index]!)))
        return this.differ(`${this.where(tick, number)}: the device asks its board for something else`, this.matched);
    }
    this.keep(report, batch, timed);
    return true;
  }

  private isTimed(tick: RecordedTick, index: number): boolean {
    if (index < this.nextTimed || !canBeTimed(tick)) return false;
    this.nextTimed = index + TIME_EVERY;
    return true;
  }

  private keep(report: BatchReport, batch: readonly RecordedTick[], timed: readonly boolean[]): void {
    const { result } = this;
    timed.forEach((is, index) => {
      const number = report.numbers[index]!;
      if (this.options.realtime) result.late_ms.push(number);
      if (!is) return;
      const steps = number / report.leibniz_us;
      if (!batch[index]!.isTick) return void result.sliceSteps.push(steps);
      result.ticks_us.push(number);
      result.steps.push(steps);
    });
    if (report.most > 0) result.memory.most = Math.max(result.memory.most, this.ofFirmware(report.most));
  }

  /** Compares all numbers. */
  private async look(): Promise<boolean> {
    const { twin, result } = this;
    const expected = twin.state();
    const found = await this.device.state(twin.layout);
    const index = firstDifference(expected, found, TOLERANCE);
    this.looked = twin.callbacks;
    if (index >= 0) {
      const what = `${twin.layout.names[index]}: Node: ${expected[index]}; device: ${found[index]}`;
      return this.differ(`tick ${twin.callbacks} at ${twin.now_ms} ms, ${what}`, this.matched);
    }
    this.matched = twin.callbacks;
    result.largestDifference = Math.max(result.largestDifference, largestDifference(expected, found));
    return true;
  }

  private where(tick: RecordedTick, number: number): string {
    return `tick ${number} at ${tick.at_ms} ms`;
  }

  private differ(what: string, after: number): false {
    this.result.divergence = what;
    this.differsAfter = Math.max(0, after);
    return false;
  }
}

const NAMES = new Map<number, string>(Object.entries(OP).map(([name, op]) => [op, name]));

/** What the device asks first that the simulator does not, in words. */
function firstNote(tick: RecordedTick, timed: boolean, found: Uint8Array): string | undefined {
  const expected: { bytes: number[]; of: Request | undefined }[] = [];
  for (const request of tick.requests)
    for (const note of noteRequest(request, timed)) expected.push({ bytes: [...Uint8Array.from(note)], of: request });
  for (let index = 0; 4 * index < found.length; index++) {
    const actual = [...found.subarray(4 * index, 4 * index + 4)];
    const wanted = expected[index];
    if (actual[0] === OP.end && wanted === undefined) return undefined;
    if (wanted !== undefined && wanted.bytes.every((byte, k) => byte === actual[k])) continue;
    const device =
      actual[0] === OP.end
        ? 'nothing more'
        : `${NAMES.get(actual[0]!) ?? 'something unknown'}(${actual.slice(1).join(', ')})`;
    return `request ${index}: Node: ${describeRequest(wanted?.of)}; device: ${device}`;
  }
  return expected.length * 4 > found.length
    ? `Node: ${describeRequest(expected[found.length / 4]!.of)}; device: nothing more`
    : undefined;
}
