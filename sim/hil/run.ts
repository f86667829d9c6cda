import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import { Board, describeRequest, NACK, type Request } from './board';
import { saveToFlash } from './flash';
import { DeviceError, InterpreterDevice, type BootReport, type Outcome } from './interpreterDevice';
import { Link, LinkError } from './link';
import { arrayBytes } from './memory';
import { Hardware, NodeDevice } from './nodeDevice';
import { RAM_BOOT_FILES, SHIM_BOOT_FILES, SHIM_COMMAND, shimSource } from './shim';
import { firmwareState, firstDifference, largestDifference, TOLERANCE, type StateLayout } from './state';
import type { Names } from './readable';
import type { World } from './world';

/** This process looks after its other business this often. */
const BREATHE_MS = 50;

/** `State` is the type of what the firmware keeps in `caldera.bms`. */
export interface InterpreterRun<State = unknown> {
  /** Path of a Linux Espruino interpreter. */
  interpreter: string;
  /** The built firmware; it exposes `caldera`, whose `bms` is its state. */
  bundle: string;
  /** Files beside it in Storage, such as `caldera.json`. */
  files?: Readonly<Record<string, string>>;
  /** What the bundle's properties were called in the sources, if it is minified. */
  names?: Names;
  /** The bench; called twice, and must give the same world each time. */
  createWorld: () => World;
  /** Looks at `caldera` on Node after each tick; true ends the run. */
  done: (caldera: { bms: State }, now_ms: number) => boolean;
  /**
   * Where the firmware's code and the Leibniz loop lie. From `flash`, the way of a board, memory is as on one; but the Linux
   * interpreter reads its flash from a file, 16 bytes at a time. From `ram` the pace is that of memory-mapped flash.
   */
  codeIn?: 'flash' | 'ram';
  /** Ends the run whatever `done` says. */
  maxTicks?: number;
  /** Every how many ticks one is timed; 0: none. */
  timeEvery?: number;
  /** How long the interpreter may compute without asking anything. */
  stall_s?: number;
  onProgress?: (progress: { ticks: number; now_ms: number }) => void;
  signal?: AbortSignal;
}

export interface InterpreterReport {
  /** Version of the interpreter. */
  version: string;
  ticks: number;
  simulated_s: number;
  wall_s: number;
  /** What the first difference to the same firmware on Node is, with tick and time; undefined when there was none. */
  divergence: string | undefined;
  /** Numbers of the firmware's state that were compared after each tick. */
  compared: number;
  /** The largest difference among them, relative to max(1, |value|). */
  largestDifference: number;
  /** Lines that the firmware printed. */
  printed: string[];
  /** In JsVars. Without what stands in for the hardware: as it would be on the same interpreter with real parts. */
  memory: {
    /** Of the interpreter before any code runs. */
    bare: number;
    /** After the boot from flash, at the end, and the most seen in between (garbage included). */
    booted: number;
    end: number;
    peak: number;
    total: number;
    bytesPerVar: number;
    /** Bytes of each array that the firmware keeps. */
    arrays: readonly number[];
  };
  /** Cost of a tick; undefined when none was timed. */
  cost: TickCost | undefined;
  /** Most of what is done between ticks takes; 0 when none was timed. */
  worstSlice_steps: number;
}

export interface TickCost {
  timed: number;
  /** One turn of the Leibniz loop, run from where the tick is; median. */
  leibniz_us: number;
  median_us: number;
  mean_us: number;
  worst_us: number;
  /** The same in Leibniz steps. */
  median_steps: number;
  mean_steps: number;
  worst_steps: number;
  /** Each of the ticks, and the loop that was run after it. */
  ticks_us: readonly number[];
  loops_us: readonly number[];
}

/**
 * Saves the firmware to the interpreter's flash, restarts it and runs what boots there in lock step with the same firmware on
 * Node, each in front of its own copy of the world on its own virtual clock. After every tick all that the two asked of their
 * boards (reads, writes, pins, timers, lines, in order) must be equal and their states agree to 1e-9; the run ends at the first
 * difference.
 * @throws LinkError, DeviceError when the interpreter fails; what the world throws
 */
export async function runOnInterpreter<State>(run: InterpreterRun<State>): Promise<InterpreterReport> {
  const began = performance.now();
  const files = run.files ?? {};
  const onNode = new Board(run.createWorld());
  const node = new NodeDevice(onNode, new Hardware(files), run.names);
  node.boot(run.bundle);
  if (onNode.failure !== undefined) throw onNode.failure;
  const layout = firmwareState(node, run.names ?? {});

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-hil-'));
  const removeFolder = (): void => fs.rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  try {
    await saveToFlash(run.interpreter, folder, {
      ...files,
      ...SHIM_BOOT_FILES,
      '.bootcde': run.bundle,
      ...(run.codeIn === 'ram' && RAM_BOOT_FILES),
    });
    fs.writeFileSync(path.join(folder, 'bundle.js'), run.bundle);
    fs.writeFileSync(path.join(folder, 'shim.js'), shimSource(layout));
    const link = Link.open(run.interpreter, folder, SHIM_COMMAND, run.stall_s ?? 10);
    const endWithUs = (): void => link.kill();
    process.once('exit', endWithUs);
    try {
      const real = new Board(run.createWorld());
      const device = new InterpreterDevice(link, real, layout.names.length);
      const report = await new LockStep(run, node, onNode, device, real, layout, began).run();
      await link.close();
      if (report.divergence !== undefined) report.divergence += consoleTail(link);
      return report;
    } catch (error) {
      await link.close();
      if (error instanceof LinkError || error instanceof DeviceError) error.message += consoleTail(link);
      throw error;
    } finally {
      process.removeListener('exit', endWithUs);
      await link.close();
    }
  } finally {
    process.removeListener('exit', removeFolder);
    removeFolder();
  }
}

function consoleTail(link: Link): string {
  return link.console ? `; on its console: ${link.console}` : '';
}

class LockStep<State> {
  private readonly nodeState: Float64Array;
  private readonly readNodeState: (into: Float64Array) => void;
  private readonly ticks_us: number[] = [];
  private readonly leibniz_us: number[] = [];
  private readonly printed: string[] = [];
  private ticks = 0;
  /** Of timers: ticks, and what is done between them. */
  private callbacks = 0;
  private counted: unknown;
  private peak = 0;
  private worstSlice_steps = 0;
  private largest = 0;

  constructor(
    private readonly options: InterpreterRun<State>,
    private readonly node: NodeDevice,
    private readonly onNode: Board,
    private readonly device: InterpreterDevice,
    private readonly real: Board,
    private readonly layout: StateLayout,
    private readonly began: number,
  ) {
    this.nodeState = new Float64Array(layout.names.length);
    this.readNodeState = node.evaluate(`(${layout.readSource})`) as (into: Float64Array) => void;
  }

  async run(): Promise<InterpreterReport> {
    const { options, node, onNode } = this;
    const booted = this.device.boot();
    this.checkBootCode(booted.report);
    let divergence = this.compare(onNode.requests, this.real.requests, booted.outcome);
    let breathed = performance.now();
    while (divergence === undefined) {
      if (this.ticks >= (options.maxTicks ?? Infinity)) break;
      if (options.done(node.caldera as { bms: State }, onNode.world.now_ms())) break;
      divergence = this.tick();
      if (performance.now() - breathed < BREATHE_MS) continue;
      options.onProgress?.({ ticks: this.ticks, now_ms: onNode.world.now_ms() });
      await new Promise((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
      breathed = performance.now();
    }
    return this.report(booted.report, this.device.stop(), divergence);
  }

  private tick(): string | undefined {
    const { node, onNode, real, device } = this;
    onNode.forget();
    real.forget();
    const id = onNode.nextTimer();
    if (id === undefined) throw new Error('the firmware set no timer: it would never run again');
    real.nextTimer();
    node.call(id);
    if (onNode.failure !== undefined) throw onNode.failure;
    this.callbacks++;
    const isTick = this.isTick();
    if (isTick) this.ticks++;
    if (!this.toBeTimed()) {
      const outcome = device.call(id);
      return this.compare(onNode.requests, real.requests, outcome);
    }
    const { outcome, requests } = device.callTimed(id, onNode.answers);
    if (isTick) {
      this.ticks_us.push(outcome.tick_us);
      this.leibniz_us.push(outcome.leibniz_us);
    } else this.worstSlice_steps = Math.max(this.worstSlice_steps, outcome.tick_us / outcome.leibniz_us);
    this.peak = Math.max(this.peak, outcome.memory);
    // Its world has to live through this tick too.
    for (const request of onNode.requests) real.perform(request);
    const answered = (_: Request, index: number): boolean => onNode.answers[index] === undefined;
    return this.compare(onNode.requests.filter(answered), requests, outcome);
  }

  /** Whether the firmware's tick was what was called; a program that counts none has nothing else. */
  private isTick(): boolean {
    const { ticks } = (this.node.caldera as { bms: { ticks?: unknown } }).bms;
    const is = ticks === undefined || ticks !== this.counted;
    this.counted = ticks;
    return is;
  }

  private toBeTimed(): boolean {
    const every = this.options.timeEvery ?? 47;
    return every > 0 && this.callbacks % every === 0 && !this.onNode.answers.includes(NACK);
  }

  /** What differs, in words. Both sides' states are compared after their requests. */
  private compare(expected: readonly Request[], actual: readonly Request[], outcome: Outcome): string | undefined {
    for (const request of expected) if (request[0] === 'print') this.printed.push(request[1]);
    const where = `tick ${this.ticks} at ${this.onNode.world.now_ms()} ms`;
    const count = Math.max(expected.length, actual.length);
    for (let i = 0; i < count; i++) {
      if (same(expected[i], actual[i])) continue;
      const [onNode, onInterpreter] = [describeRequest(expected[i]), describeRequest(actual[i])];
      return `${where}, request ${i}: Node: ${onNode}; interpreter: ${onInterpreter}`;
    }
    this.readNodeState(this.nodeState);
    const index = firstDifference(this.nodeState, outcome.state, TOLERANCE);
    if (index >= 0) {
      return `${where}, ${this.layout.names[index]}: Node: ${this.nodeState[index]}; interpreter: ${outcome.state[index]}`;
    }
    this.largest = Math.max(this.largest, largestDifference(this.nodeState, outcome.state));
    return undefined;
  }

  /** What boots must be what was built. */
  private checkBootCode({ bytes, crc32: read }: BootReport): void {
    if (this.options.codeIn === 'ram') return;
    const built = Buffer.from(this.options.bundle, 'latin1');
    if (bytes !== built.length || read >>> 0 !== crc32(built))
      throw new DeviceError(`the interpreter booted ${bytes} bytes with CRC ${read}, not the bundle`);
  }

  private report(
    boot: BootReport,
    end: { usage: number; total: number },
    divergence: string | undefined,
  ): InterpreterReport {
    return {
      version: boot.version,
      ticks: this.ticks,
      simulated_s: this.onNode.world.now_ms() / 1000,
      wall_s: (performance.now() - this.began) / 1000,
      divergence,
      compared: this.layout.names.length,
      largestDifference: this.largest,
      printed: this.printed,
      memory: {
        bare: boot.bare,
        booted: boot.booted - boot.shim,
        end: end.usage - boot.shim,
        peak: Math.max(this.peak, boot.booted, end.usage) - boot.shim,
        total: end.total,
        bytesPerVar: boot.blocksize,
        arrays: arrayBytes(this.node.evaluate('global.caldera')),
      },
      worstSlice_steps: this.worstSlice_steps,
      cost: this.ticks_us.length > 0 ? tickCost(this.ticks_us, this.leibniz_us) : undefined,
    };
  }
}

function same(a: Request | undefined, b: Request | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function tickCost(ticks_us: readonly number[], leibniz: readonly number[]): TickCost {
  const leibniz_us = median(leibniz);
  const median_us = median(ticks_us);
  const worst_us = Math.max(...ticks_us);
  // Each tick against the step timed right after it: the machine's other work slows both.
  const steps = ticks_us.map((tick_us, i) => tick_us / (leibniz[i] as number));
  return {
    timed: ticks_us.length,
    leibniz_us,
    median_us,
    mean_us: mean(ticks_us),
    worst_us,
    median_steps: median(steps),
    mean_steps: mean(steps),
    worst_steps: Math.max(...steps),
    ticks_us,
    loops_us: leibniz,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
