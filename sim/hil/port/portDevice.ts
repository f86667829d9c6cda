/** A device with the firmware in its flash, reached by its console: what stands under the firmware is exchanged for a while. */
import { crc32 } from 'node:zlib';
import { CYCLER } from '../../../hal/boards/cycler';
import { partFiles } from '../../build/build';
import { InputError } from '../../errors';
import type { BuildResult } from '../../results/types';
import { openPort } from '../../link/port';
import type { StateLayout } from '../state';
import { compress } from './compress';
import { Console, ConsoleError } from './console';
import { DEADMAN_S, PACE_FILE, PACE_SOURCE, portShim } from './portShim';

/** A device that was just started tests itself first. */
const WAKE_MS = 15_000;
/** How long the device may compute before it answers; the dead man's time is longer. */
const ANSWER_MS = 0.8 * DEADMAN_S * 1000;
/** A PC's interpreter at TCP whose own standard input is at its end takes letters from there without end. */
const FLOOD_BYTES = 256;
const FLOOD =
  '; its standard input is closed or /dev/null, which garbles all it is sent until it hangs: start it in a terminal, or with an open pipe';
/** JsVars that are left to what the firmware loads for a moment. */
const SPARED_VARS = 700;
/** A scenario may leave so many behind; with more the device starts anew for the next. */
const LEFT_VARS = 100;
/** Bytes of text in a JsVar; a batch is there in pieces, as one, and expanded, and its report as bytes and as text. */
const BYTES_PER_VAR = 10;
const COPIES = 4;
/** Of a batch, in bytes: more is not quicker. */
const LARGEST_BATCH = 24_000;
const SMALLEST_BATCH = 300;
/** How long one may take: progress is seen, and the dead man's time is long. */
const BATCH_MS = 5000;
const FIRST_TICKS = 200;
const SMALLEST_STATE = 64;
/** What a PC's interpreter, which takes memory as it needs it, is given at once: small steps cost it a search for garbage each. */
const PC_ELEMENTS = 12_000;

export interface DeviceFacts {
  version: string;
  board: string;
  blocksize: number;
  total: number;
}

/** What the device tells of a batch. */
export interface BatchReport {
  /** Of each tick: the checksum of all that it asked for, and its cost [us] or, in real time, how late it began [ms]. */
  checksums: Uint32Array;
  numbers: Float32Array;
  /** Cost of a Leibniz step; 0 where no tick was timed. */
  leibniz_us: number;
  /** Most JsVars in use, of all; 0 where no tick was timed. */
  most: number;
  /** What the firmware threw. */
  failure: string | undefined;
  /** Each note, where they were asked for. */
  notes: Uint8Array | undefined;
}

export class PortDevice {
  /** JsVars of what stands in for the hardware. */
  shim = 0;
  /** JsVars of the interpreter before any code. */
  private bare = 0;
  facts!: DeviceFacts;
  /** Of a batch: in bytes, by the memory there is, and in ticks, by the time they take. */
  batchBytes = SMALLEST_BATCH;
  batchTicks = FIRST_TICKS;
  /** Asked for at once. */
  private numbers = SMALLEST_STATE;
  /** JsVars in use with the shim alone; 0 before it is there. */
  private empty = 0;
  private batch = 0;
  private prefix = '';
  /** Whether batches are compressed. */
  private shrinks = false;
  private readonly source = portShim();

  private constructor(
    readonly port: string,
    private readonly console: Console,
    private readonly built: BuildResult,
  ) {}

  /**
   * Connects and makes sure that the device holds this very build.
   * @throws InputError when it cannot be reached or holds another firmware
   */
  static async open(port: string, built: BuildResult): Promise<PortDevice> {
    const device = new PortDevice(port, new Console(await openPort(port)), built);
    try {
      await device.identify();
      return device;
    } catch (error) {
      await device.console.close();
      if (error instanceof ConsoleError) throw new InputError(`--port: ${port}: ${error.message}`);
      throw error;
    }
  }

  /** A PC's interpreter reads its flash from a file, 16 bytes at a time: code in memory runs there as fast as from a board's flash. */
  get flashIsSlow(): boolean {
    return this.facts.board === 'LINUX';
  }

  /**
   * A device without firmware and memory, with the shim, and these files beside those of its Storage.
   * @param copied whether code is copied out of its flash before it runs
   */
  async prepare(files: Readonly<Record<string, string>>, copied = false): Promise<void> {
    const { console } = this;
    const left = this.empty === 0 ? Infinity : Number(await console.evaluate('hil.drop()'));
    if (left > this.empty + LEFT_VARS) await this.install();
    this.batch = 0;
    const pace = copied || !this.flashIsSlow ? PACE_SOURCE : `eval(hil.Storage.read("${PACE_FILE}"))`;
    await console.evaluate(`hil.copied=${copied},typeof (hilPace=${pace})`);
    for (const [name, text] of Object.entries(files)) {
      await this.send(Buffer.from(text, 'latin1'));
      await console.evaluate(`hil.file(${JSON.stringify(name)})`);
    }
    this.shim = (await this.usage()) - this.bare;
  }

  get repeated(): number {
    return this.console.repeated;
  }

  /** JsVars in use, garbage collected. */
  async usage(): Promise<number> {
    return Number(await this.console.evaluate('hil.usage()'));
  }

  /** After the boot: sees how much can be sent at once. */
  async measure(): Promise<number> {
    const booted = await this.usage();
    const free = this.facts.total - booted - SPARED_VARS;
    this.batchBytes = Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, Math.floor((free * BYTES_PER_VAR) / COPIES)));
    this.numbers = Math.max(SMALLEST_STATE, Math.floor(this.batchBytes / 2));
    return booted;
  }

  /** Has ticks run. @param realtime_ms how long they take by the clock; 0: at once */
  async run(ticks: readonly Buffer[], realtime_ms = 0): Promise<BatchReport> {
    const { console } = this;
    const batch = ++this.batch;
    const bytes = Buffer.concat([Buffer.of(ticks.length & 255, ticks.length >> 8), ...ticks]);
    await this.send(bytes);
    await console.evaluate(`hil.begin(${batch},${realtime_ms > 0})`);
    if (ticks[0]![0] === 0) await this.bootFirmware();
    const began_ms = performance.now();
    const report = parseReport(await console.run((n) => `hil.go(${n},${batch})`, ANSWER_MS + realtime_ms));
    const each_ms = (performance.now() - began_ms) / ticks.length;
    if (ticks.length > 1) this.batchTicks = Math.max(1, Math.floor(BATCH_MS / each_ms));
    return report;
  }

  /** By the console itself; whatever is garbled, it is done once. */
  private async bootFirmware(): Promise<void> {
    const { console } = this;
    let state: string;
    do {
      console.tell(`if(hil.boot=="due")hil.start(),eval(hil.Storage.read("${this.mainFile}")),hil.boot="over"`);
      state = await console.evaluate('hil.boot', ANSWER_MS);
    } while (state === 'due');
    if (state !== 'over') await console.evaluate(`hil.fail(${JSON.stringify(`boot: ${console.complaint}`)})`);
  }

  /** Every note is listed from here on. */
  async listNotes(): Promise<void> {
    await this.console.evaluate('(hil.list=[]).length');
  }

  /** The firmware's numbers. */
  async state(layout: StateLayout): Promise<Float64Array> {
    const { length } = layout.names;
    const state = new Float64Array(length);
    for (let from = 0; from < length; from += this.numbers) {
      const count = Math.min(this.numbers, length - from);
      const question = `hil.state(${layout.root},[${layout.except.join()}],${JSON.stringify(layout.passing)},${from},${count})`;
      const [found, text] = (await this.console.evaluate(question, ANSWER_MS)).split(' ') as [string, string];
      if (Number(found) !== length) throw new ConsoleError(`the device keeps ${found} numbers, not ${length}`);
      const bytes = Buffer.from(text, 'base64');
      for (let k = 0; k < count; k++) state[from + k] = bytes.readDoubleLE(8 * k);
    }
    return state;
  }

  /** Gives the device back: it starts the firmware in its flash, on its own parts. */
  async close(): Promise<void> {
    try {
      if (this.facts.board === 'LINUX')
        this.console.tell(`Modules.removeCached("Storage");require("Storage").erase("${PACE_FILE}")`);
      this.console.tell('load()');
      await this.console.wake(WAKE_MS, 'typeof hil', 'undefined');
    } finally {
      await this.console.close();
    }
  }

  private send(bytes: Buffer): Promise<void> {
    return this.console.upload(this.shrinks ? Buffer.from(compress(bytes)) : bytes);
  }

  private get mainFile(): string {
    return this.prefix === '' ? '.bootcde' : `${this.prefix}main`;
  }

  private async identify(): Promise<void> {
    const { console } = this;
    await console.wake(WAKE_MS);
    const facts = await console.evaluate(
      '(function(m){return [process.version,process.env.BOARD,m.blocksize,m.total,global.calderaSlot||"",process.env.CONSOLE].join()})(process.memory())',
    );
    const [version, board, blocksize, total, slot, terminal] = facts.split(',') as [string, ...string[]];
    this.facts = { version, board: board!, blocksize: Number(blocksize), total: Number(total) };
    // By TCP it takes no more than it has room for, and what waits for it is kept; its input thread wants to be alone.
    if (board === 'LINUX') console.windowPieces = terminal === 'Telnet' ? Infinity : 1;
    if (board === 'LINUX' && terminal === 'Telnet')
      console.suspicion =
        Number(await console.evaluate('(process.memory().rx||{used:0}).used')) > FLOOD_BYTES ? FLOOD : '';
    this.prefix = slot!;
    const files = { [this.mainFile]: this.built.code, ...partFiles(this.built, slot || undefined) };
    for (const [name, text] of Object.entries(files)) {
      const found = await console.evaluate(
        `(function(s){return s===undefined?"":s.length+" "+E.CRC32(s)})(require("Storage").read(${JSON.stringify(name)}))`,
      );
      const bytes = Buffer.from(text, 'latin1');
      if (found !== `${bytes.length} ${crc32(bytes)}`)
        throw new InputError(
          `--port: ${this.port} does not hold this build (${this.built.hash}): ${name} is ${found === '' ? 'missing' : 'another'}; flash it with: caldera flash --board ${this.built.board} --port ${this.port}`,
        );
    }
  }

  /** Puts the shim where the firmware was. */
  private async install(): Promise<void> {
    const { console } = this;
    await this.drop();
    if (this.prefix !== '') await console.evaluate(`calderaSlot=${JSON.stringify(this.prefix)}`);
    if (this.facts.board === 'LINUX') {
      await console.evaluate(`require("Storage").write("${PACE_FILE}","${PACE_SOURCE}")`);
      const total = await console.evaluate(`new Array(${PC_ELEMENTS}).fill(0)?process.memory().total:0`);
      this.facts = { ...this.facts, total: Number(total) };
    }
    // So that the shim does not count it as its own.
    await console.evaluate('hilPace=0');
    await console.upload(Buffer.from(this.source, 'latin1'));
    do console.tell('if(!global.hil)eval(hilText.join(""));hilText=undefined');
    while ((await console.evaluate('typeof hil')) !== 'object');
    this.empty = Number(await console.evaluate('hil.drop()'));
    this.shrinks = (await console.evaluate('hil.shrinks')) === 'true';
  }

  /** Opens the switches and drops what runs; the firmware is not started again. */
  private async drop(): Promise<void> {
    const { console } = this;
    for (const pin of [CYCLER.pins.charge, CYCLER.pins.discharge])
      await console.evaluate(`(function(){try{${pin}.write(0)}catch(e){}})()`);
    // The reset comes after the line, maybe after the next one too: the mark tells when it has been.
    await console.evaluate('hilMark=1');
    console.tell(`E.enableWatchdog(${DEADMAN_S},false);reset()`);
    await console.wake(WAKE_MS, 'typeof hilMark', 'undefined');
    this.bare = await console.bare();
    // No prompt after an answer: it would wait until the answer is acknowledged, 40 ms, and the next answer with it.
    console.tell('echo(0)');
    // Idle, the Linux interpreter looks at its console every 50 ms; with a timer running it does so all the time.
    if (this.facts.board === 'LINUX')
      await console.evaluate('setInterval(function(){},process.env.CONSOLE=="Telnet"?0.2:5)');
  }
}

function parseReport(answer: string): BatchReport {
  const [first, leibniz, most, list] = answer.split(',') as [string, string, string, string?];
  const failed = first.startsWith('!');
  const bytes = Buffer.from(failed ? first.slice(1) : first, 'base64');
  const copy = Uint8Array.from(failed ? [] : bytes).buffer;
  const words = new Uint32Array(copy);
  const numbers = new Float32Array(copy);
  return {
    checksums: words.filter((_, index) => index % 2 === 0),
    numbers: numbers.filter((_, index) => index % 2 === 1),
    leibniz_us: Number(leibniz),
    most: Number(most),
    failure: failed ? bytes.toString('latin1') : undefined,
    notes: list === undefined ? undefined : Buffer.from(list, 'base64'),
  };
}
