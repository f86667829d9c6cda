/**
 * Setting up a BQ76952: identity, reset, every setting written and read back (technical reference manual SLUUBY2B, sections 3, 7.6
 * and 12). Needed at start and in service, never in a tick: what a tick needs is bq76952.ts.
 *
 * The part says when it is done, so everything is polled and nothing waits for a fixed time.
 */
import type { I2cBus } from '../bus';
import {
  Bq76952Register,
  Bq76952Status,
  Bq76952Subcommand,
  bq76952Answered,
  bq76952Ask,
  bq76952Read,
  bq76952Send,
  type Bq76952,
  type Bq76952Block,
} from './bq76952';
import {
  bq76952Limits,
  bq76952Settings,
  type Bq76952Config,
  type Bq76952Limits,
  type Bq76952Setting,
} from './bq76952Settings';
import { crc8Table } from './crc8';
import { hex } from './hex';

/** A part that is set up. */
export interface Bq76952Opened {
  afe: Bq76952;
  /** The limits that apply, as read back. */
  applied: Bq76952Limits;
}

const DEVICE = 0x7695;
const INPUTS = 16;
const CELL_1 = 0x14;
const STACK = 0x34;
const CURRENT = 0x3a;
const DIE_TEMPERATURE = 0x68;
const TS1_TEMPERATURE = 0x70;
/** Bits of Battery Status' high byte: zero while the part starts. */
const SECURITY = 0x03;
const FET_EN = 0x10;

/** A poll takes 0.1 ms on the wire at 400 kHz, and more than 1 ms of an ESP32's interpreter. */
const POLLS = 4000;
/** Of them, those a part that starts may leave without an acknowledge: some 4 ms. */
const SILENT_POLLS = 60;
/** An answer takes the part at most 8.5 ms. One that does not come is asked again. */
const ANSWER_POLLS = 150;
const ASKED = 3;
/**
 * A subcommand too soon after CONFIG_UPDATE can trip the part's own watchdog (TI's forum on the BQ76952, thread 1560742). Direct
 * commands are not affected: the part stretches the clock.
 */
const POLLS_AFTER_UPDATE = 100;

/**
 * Resets the part, checks that it is a BQ76952, writes its settings and reads each back. Afterwards both switches are open, and
 * stay so until FetControl allows them.
 * @throws what the bus throws; an Error that says which wish is outside what the part can, what another part answers, or what
 * does not hold
 */
export function bq76952Open(bus: I2cBus, config: Bq76952Config): Bq76952Opened {
  const settings = bq76952Settings(config);
  const plain = describe(bus, config, false);
  const framed = describe(bus, config, true);
  const found = speaksCrc(framed) ? framed : plain;
  const device = ask(found, Bq76952Subcommand.DeviceNumber) & 0xffff;
  if (device !== DEVICE) throw new Error('part at ' + hex(config.address) + ' is ' + hex(device) + ', not a BQ76952');
  bq76952Send(found, Bq76952Subcommand.Reset, 0, 0);
  awaitStart(plain);

  bq76952Send(plain, Bq76952Subcommand.EnterConfigUpdate, 0, 0);
  awaitStatus(plain, Bq76952Status.ConfigUpdate, Bq76952Status.ConfigUpdate, 'does not enter CONFIG_UPDATE');
  for (const s of settings) bq76952Send(plain, s.address, s.value, s.bytes);
  const kept = readBack(plain, settings);
  bq76952Send(plain, Bq76952Subcommand.ExitConfigUpdate, 0, 0);

  const afe = config.crc ? framed : plain;
  if (config.crc) awaitCrc(plain, framed);
  afe.settings = kept;
  const done = Bq76952Status.ConfigUpdate | Bq76952Status.PowerOnReset;
  awaitStatus(afe, done, 0, 'does not leave CONFIG_UPDATE');
  for (let k = 0; k < POLLS_AFTER_UPDATE; k++) status(afe);
  if ((ask(afe, Bq76952Subcommand.ManufacturingStatus) & FET_EN) === 0) {
    bq76952Send(afe, Bq76952Subcommand.FetEnable, 0, 0);
    if ((ask(afe, Bq76952Subcommand.ManufacturingStatus) & FET_EN) === 0)
      throw new Error('BQ76952 does not take over the switches');
  }
  if (status(afe) & done) throw new Error('BQ76952 does not hold its settings');
  return { afe: afe, applied: bq76952Limits(config, settings) };
}

/**
 * Takes the part over as an earlier start left it: nothing is written to its settings, its switches stay as they are. Every setting
 * is read and compared.
 * @returns undefined when it does not answer, or not as it should, and has to be opened
 * @throws an Error that says which wish is outside what the part can
 */
export function bq76952Attach(bus: I2cBus, config: Bq76952Config): Bq76952Opened | undefined {
  const settings = bq76952Settings(config);
  const afe = describe(bus, config, config.crc);
  try {
    // A single answer may be garbled, and what follows cuts the power.
    let agrees = false;
    for (let look = 0; look < ASKED && !agrees; look++) agrees = speaksCrc(describe(bus, config, true)) === config.crc;
    if (!agrees || status(afe) & (Bq76952Status.ConfigUpdate | Bq76952Status.PowerOnReset)) return undefined;
    if ((ask(afe, Bq76952Subcommand.DeviceNumber) & 0xffff) !== DEVICE) return undefined;
    if ((ask(afe, Bq76952Subcommand.ManufacturingStatus) & FET_EN) === 0) return undefined;
    afe.settings = readBack(afe, settings);
  } catch (_) {
    return undefined;
  }
  return { afe: afe, applied: bq76952Limits(config, settings) };
}

/** What `bq76952Holds` compares later: address, word as read. Puts what was read into the settings. @throws when one differs */
function readBack(afe: Bq76952, settings: Bq76952Setting[]): Uint16Array {
  const kept = new Uint16Array(2 * settings.length);
  settings.forEach(function (setting, k) {
    const read = ask(afe, setting.address);
    const unused = 32 - 8 * setting.bytes;
    if (read << unused !== setting.value << unused)
      throw new Error(
        'BQ76952 does not hold its setting ' + hex(setting.address) + ': ' + setting.value + ' reads ' + read,
      );
    setting.value = (read << unused) >>> unused;
    kept[2 * k] = setting.address;
    kept[2 * k + 1] = read & 0xffff;
  });
  return kept;
}

/** The part's registers as the board uses them, with CRC or without. */
function describe(bus: I2cBus, config: Bq76952Config, crc: boolean): Bq76952 {
  const stride = crc ? 2 : 1;
  const table = crc8Table();
  function block(register: number, last: number, wanted: readonly number[]): Bq76952Block {
    const at = wanted.map(function (place) {
      return (place - register) * stride;
    });
    const seed = table[table[table[config.address << 1] ^ register] ^ ((config.address << 1) | 1)];
    return {
      register: register,
      count: (last + 1 - register) * stride,
      seed: seed,
      at: new Uint8Array(at),
      words: new Int16Array(at.length),
    };
  }
  const words: number[] = [];
  for (let input = 0; input < INPUTS; input++) if ((config.cells >> input) & 1) words.push(CELL_1 + 2 * input);
  words.push(STACK, STACK + 2, CURRENT);
  const temperatures = [DIE_TEMPERATURE];
  for (let pin = 0; pin < 3; pin++) if ((config.thermistors >> pin) & 1) temperatures.push(TS1_TEMPERATURE + 2 * pin);
  const answer = Bq76952Register.Subcommand;
  return {
    bus: bus,
    address: config.address,
    stride: stride,
    crc8: table,
    cells: block(Bq76952Register.BatteryStatus, CURRENT + 1, words),
    safety: block(Bq76952Register.ControlStatus, 0x07, [0x02, 0x04, 0x06]),
    temperatures: block(Bq76952Register.AlarmEnable, temperatures[temperatures.length - 1] + 1, temperatures),
    fets: block(Bq76952Register.FetStatus, Bq76952Register.FetStatus, []),
    answer: block(answer, answer + 9, [answer + 2, answer + 4, answer + 6, answer + 8]),
    answers: new Float64Array(4),
    asked: 0,
    settings: new Uint16Array(0),
    turn: 0,
  };
}

/** The first four bytes of the answer to a subcommand, or of data memory from an address on. */
function ask(afe: Bq76952, subcommand: number): number {
  for (let asked = 0; asked < ASKED; asked++) {
    bq76952Ask(afe, subcommand);
    for (let k = 0; k < ANSWER_POLLS; k++)
      if (bq76952Answered(afe)) return (afe.answers[0] & 0xffff) | (afe.answers[1] << 16);
  }
  throw new Error('BQ76952 does not answer ' + hex(subcommand));
}

function status(afe: Bq76952): number {
  return bq76952Read(afe, afe.cells, new Float64Array(afe.cells.words.length));
}

/** Until it was seen twice in a row: before CRC is on, a single answer may be wrong. */
function awaitStatus(afe: Bq76952, mask: number, wanted: number, failure: string): void {
  let seen = 0;
  for (let k = 0; k < POLLS; k++) {
    seen = (status(afe) & mask) === wanted ? seen + 1 : 0;
    if (seen === 2) return;
  }
  throw new Error('BQ76952 ' + failure);
}

/** After a reset the part is silent, then reports that it has not yet a security mode, and speaks without CRC. */
function awaitStart(afe: Bq76952): void {
  let silent = 0;
  let seen = 0;
  for (let k = 0; k < POLLS; k++) {
    try {
      const b = afe.bus.readReg(afe.address, Bq76952Register.BatteryStatus, 2);
      seen = b[1] & SECURITY ? seen + 1 : 0;
      if (seen === 2) return;
    } catch (error) {
      seen = 0;
      silent++;
      if (silent > SILENT_POLLS) throw error;
    }
  }
  throw new Error('BQ76952 does not start');
}

/** The part changes to CRC at the end of CONFIG_UPDATE, or when it is told to. */
function awaitCrc(plain: Bq76952, framed: Bq76952): void {
  for (let asked = 0; asked < ASKED; asked++) {
    for (let k = 0; k < ANSWER_POLLS; k++) if (speaksCrc(framed)) return;
    bq76952Send(plain, Bq76952Subcommand.SwapCommMode, 0, 0);
  }
  throw new Error('BQ76952 does not change to CRC');
}

/** Whether the part follows each byte by its CRC, from a read that makes sense either way. @throws what the bus throws */
function speaksCrc(framed: Bq76952): boolean {
  const register = Bq76952Register.BatteryStatus;
  let b;
  try {
    b = framed.bus.readReg(framed.address, register, 4);
  } catch (_) {
    b = framed.bus.readReg(framed.address, register, 4);
  }
  const table = framed.crc8;
  return table[b[0] ^ framed.cells.seed] === b[1] && table[b[2]] === b[3];
}
