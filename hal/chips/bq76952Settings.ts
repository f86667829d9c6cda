/**
 * The settings of a BQ76952: what a board wishes, on the grid of the part's data memory, and back. Addresses, ranges and steps
 * from the technical reference manual (SLUUBY2B), sections 5 and 13. Needed at start and in service, never in a tick.
 *
 * Limits go to the grid on the safe side: what applies is never looser, later or sooner released than what was asked for.
 */
import { Bq76952Fault } from './bq76952';

/** Thresholds, delays and recovery of the part's own protections. All have to be given, also of those that are off. */
export interface Bq76952Limits {
  /** 1,012 to 5,566 mV in steps of 50.6; after 9.9 to 6,761 ms in steps of 3.3; until 101.2 to 1,012 mV lower. */
  cellOver_mV: number;
  cellOverDelay_ms: number;
  cellOverHysteresis_mV: number;
  /** 1,012 to 4,554 mV; the same delays; until 101.2 to 1,012 mV higher. */
  cellUnder_mV: number;
  cellUnderDelay_ms: number;
  cellUnderHysteresis_mV: number;
  /** Steps of 2 mV over the shunt, 4 to 124 mV in charge, 4 to 200 mV in discharge; after 9.9 to 425.7 ms in steps of 3.3. */
  chargeOver_mA: number;
  chargeOverDelay_ms: number;
  dischargeOver1_mA: number;
  dischargeOver1Delay_ms: number;
  dischargeOver2_mA: number;
  dischargeOver2Delay_ms: number;
  /** One of 16 levels from 10 to 500 mV over the shunt, see SHORT_LEVELS_MV; after 0 to 450 us in steps of 15. */
  short_mA: number;
  shortDelay_us: number;
  /** Of the hottest and the coldest thermistor, and of the die: whole degrees, -40 to 120. */
  chargeHot_C: number;
  chargeHotRelease_C: number;
  dischargeHot_C: number;
  dischargeHotRelease_C: number;
  chargeCold_C: number;
  chargeColdRelease_C: number;
  dischargeCold_C: number;
  dischargeColdRelease_C: number;
  dieHot_C: number;
  dieHotRelease_C: number;
  /** Of all temperatures: 0 to 255 s. */
  temperatureDelay_s: number;
  /** How long its cause must be gone before a fault ends, and how long a short circuit lasts at least: 0 to 255 s. */
  recovery_s: number;
  shortRecovery_s: number;
  /**
   * After so many over-currents in discharge, or short circuits, with less than 10 s between them, the switches stay open until
   * ReleaseOverCurrent or ReleaseShort is sent: 1 to 255.
   */
  latchAfter: number;
  /** Both switches open when nothing valid came from the host for 1 to 65,535 s. */
  hostSilence_s: number;
  /** Balancing ends so long after the last BalanceCells: 1 to 255 s. */
  balance_s: number;
}

/** How a board uses the part. */
export interface Bq76952Config {
  /** 7-bit; 0x08 as delivered. */
  address: number;
  crc: boolean;
  /** Which inputs hold a cell, bit 0 for VC1-VC0 to bit 15 for VC16-VC15: 3 to 16 of them, the lowest and the topmost always. */
  cells: number;
  shunt_uOhm: number;
  /** Which pins hold a cell's thermistor (103AT, on the part's 18 kOhm): bit 0 for TS1 to bit 2 for TS3. */
  thermistors: number;
  /** The protections that are on: a mask of Bq76952Fault. */
  protections: number;
  limits: Bq76952Limits;
}

/** A place in data memory, 1, 2 or 4 bytes, and what is in it. */
export interface Bq76952Setting {
  address: number;
  bytes: number;
  value: number;
}

/** What of a limit stands at a place: a tenth of `first + step x n`, n from `least` to `most`. */
interface Grid {
  name: keyof Bq76952Limits;
  address: number;
  bytes: number;
  first: number;
  step: number;
  least: number;
  most: number;
  /** Whether the safe side is up. */
  up: boolean;
}

const SHORT_LEVELS_MV = [10, 20, 40, 60, 80, 100, 125, 150, 175, 200, 250, 300, 350, 400, 450, 500];
/** Settings:Configuration:Comm Type: I2C above 100 kHz, with CRC and without. */
const COMM_CRC = 0x12;
const COMM_PLAIN = 0x08;
const SUPPORTED =
  Bq76952Fault.CellUnder |
  Bq76952Fault.CellOver |
  Bq76952Fault.ChargeOver |
  Bq76952Fault.DischargeOver1 |
  Bq76952Fault.DischargeOver2 |
  Bq76952Fault.Short |
  Bq76952Fault.ChargeCold |
  Bq76952Fault.DischargeCold |
  Bq76952Fault.ChargeHot |
  Bq76952Fault.DischargeHot |
  Bq76952Fault.DieHot |
  Bq76952Fault.HostSilent |
  Bq76952Fault.DischargeLatched |
  Bq76952Fault.ShortLatched;
const NEED_THERMISTOR =
  Bq76952Fault.ChargeCold | Bq76952Fault.DischargeCold | Bq76952Fault.ChargeHot | Bq76952Fault.DischargeHot;
/** A count of steps this close to a whole number is that number. */
const TINY = 1e-6;

/** Where the limits stand. A limit may stand at several places. */
function grids(config: Bq76952Config): Grid[] {
  const list: Grid[] = [];
  function add(
    name: keyof Bq76952Limits,
    address: number,
    bytes: number,
    first: number,
    step: number,
    least: number,
    most: number,
    up: boolean,
  ): void {
    list.push({
      name: name,
      address: address,
      bytes: bytes,
      first: first,
      step: step,
      least: least,
      most: most,
      up: up,
    });
  }
  function degrees(name: keyof Bq76952Limits, address: number, up: boolean): void {
    add(name, address, 1, 0, 10, -40, 120, up);
  }
  function seconds(name: keyof Bq76952Limits, address: number, up: boolean): void {
    add(name, address, 1, 0, 10, 0, 255, up);
  }
  const shunt_mA = 2e7 / config.shunt_uOhm;
  add('cellUnder_mV', 0x9275, 1, 0, 506, 20, 90, true);
  add('cellUnderDelay_ms', 0x9276, 2, 66, 33, 1, 2047, false);
  add('cellOver_mV', 0x9278, 1, 0, 506, 20, 110, false);
  add('cellOverDelay_ms', 0x9279, 2, 66, 33, 1, 2047, false);
  add('cellUnderHysteresis_mV', 0x927b, 1, 0, 506, 2, 20, true);
  add('cellOverHysteresis_mV', 0x927c, 1, 0, 506, 2, 20, true);
  add('chargeOver_mA', 0x9280, 1, 0, shunt_mA, 2, 62, false);
  add('chargeOverDelay_ms', 0x9281, 1, 66, 33, 1, 127, false);
  add('dischargeOver1_mA', 0x9282, 1, 0, shunt_mA, 2, 100, false);
  add('dischargeOver1Delay_ms', 0x9283, 1, 66, 33, 1, 127, false);
  add('dischargeOver2_mA', 0x9284, 1, 0, shunt_mA, 2, 100, false);
  add('dischargeOver2Delay_ms', 0x9285, 1, 66, 33, 1, 127, false);
  add('short_mA', 0x9286, 1, 0, 1, 0, 15, false);
  add('shortDelay_us', 0x9287, 1, -150, 150, 1, 31, false);
  add('latchAfter', 0x928f, 1, 0, 10, 1, 255, false);
  add('latchAfter', 0x9295, 1, 0, 10, 1, 255, false);
  seconds('shortRecovery_s', 0x9294, true);
  degrees('chargeHot_C', 0x929a, false);
  seconds('temperatureDelay_s', 0x929b, false);
  degrees('chargeHotRelease_C', 0x929c, false);
  degrees('dischargeHot_C', 0x929d, false);
  seconds('temperatureDelay_s', 0x929e, false);
  degrees('dischargeHotRelease_C', 0x929f, false);
  degrees('dieHot_C', 0x92a3, false);
  seconds('temperatureDelay_s', 0x92a4, false);
  degrees('dieHotRelease_C', 0x92a5, false);
  degrees('chargeCold_C', 0x92a6, true);
  seconds('temperatureDelay_s', 0x92a7, false);
  degrees('chargeColdRelease_C', 0x92a8, true);
  degrees('dischargeCold_C', 0x92a9, true);
  seconds('temperatureDelay_s', 0x92aa, false);
  degrees('dischargeColdRelease_C', 0x92ab, true);
  seconds('recovery_s', 0x92af, true);
  add('hostSilence_s', 0x92b2, 2, 0, 10, 1, 65535, false);
  add('balance_s', 0x9339, 1, 0, 10, 1, 255, false);
  return list;
}

/** Every setting that the board needs. @throws an Error that names what is outside its range or contradicts another */
export function bq76952Settings(config: Bq76952Config): Bq76952Setting[] {
  refuse(config);
  const settings: Bq76952Setting[] = [];
  function put(address: number, bytes: number, value: number): void {
    settings.push({ address: address, bytes: bytes, value: value });
  }
  // CC Gain and Capacity Gain for the shunt, at the nominal reference (section 4.12).
  const gain = 7568.4 / config.shunt_uOhm;
  put(0x91a8, 4, float32(gain));
  put(0x91ac, 4, float32(gain * 298261.6178));
  // Power Config: no SLEEP, in which the part measures every few seconds only.
  put(0x9234, 2, 0x2882);
  // OCC Recovery Threshold [mA]: an over-current in charge is over when next to none flows, not only when current flows out.
  put(0x9288, 2, 50);
  put(0x9239, 1, config.crc ? COMM_CRC : COMM_PLAIN);
  put(0x9261, 1, config.protections & 255);
  put(0x9262, 1, (config.protections >> 8) & 255);
  put(0x9263, 1, (config.protections >> 16) & 255);
  // Which switch each opens: as delivered. Any other A would open it 250 ms late.
  put(0x9265, 1, 0x98);
  put(0x9266, 1, 0xd5);
  put(0x9267, 1, 0x56);
  put(0x9269, 1, 0xe4);
  put(0x926a, 1, 0xe6);
  put(0x926b, 1, 0xe2);
  // An over-current in discharge is over when no more than 100 mA flow; as delivered it would take a charger.
  put(0x928d, 2, -100);
  // ALERT: open drain, low when asserted.
  put(0x92fc, 1, 0x82);
  for (let pin = 0; pin < 3; pin++) put(0x92fd + pin, 1, (config.thermistors >> pin) & 1 ? 0x07 : 0x00);
  // 10 mV and 10 mA a word.
  put(0x9303, 1, 0x06);
  put(0x9304, 2, config.cells);
  // FET Options: in series, controlled by the part, which keeps them open until the host allows them.
  put(0x9308, 1, 0x2d);
  // A cell's wire is tested every second.
  put(0x9314, 1, 1);
  // Mfg Status Init: normal control of the switches, not the factory's test mode.
  put(0x9343, 2, 0x0050);
  for (const grid of grids(config)) put(grid.address, grid.bytes, rawOf(config, grid));
  return settings;
}

/** The limits that stand in these settings: what applies. */
export function bq76952Limits(config: Bq76952Config, settings: readonly Bq76952Setting[]): Bq76952Limits {
  const limits = {} as Bq76952Limits;
  for (const grid of grids(config))
    for (const setting of settings)
      if (setting.address === grid.address) limits[grid.name] = valueOf(config, grid, setting.value);
  return limits;
}

function rawOf(config: Bq76952Config, grid: Grid): number {
  const wished = config.limits[grid.name];
  let n = grid.least - 1;
  if (grid.name === 'short_mA') {
    while (n < grid.most && valueOf(config, grid, n + 1) <= wished * (1 + TINY)) n++;
  } else {
    const steps = (10 * wished - grid.first) / grid.step;
    n = grid.up ? Math.ceil(steps - TINY) : Math.floor(steps + TINY);
  }
  if (!(n >= grid.least && n <= grid.most))
    throw new Error(
      'BQ76952 ' +
        grid.name +
        ' is ' +
        wished +
        '; allowed: ' +
        valueOf(config, grid, grid.least) +
        ' to ' +
        valueOf(config, grid, grid.most),
    );
  return n;
}

/** From the bytes as read, two's complement where the range goes below zero. */
function valueOf(config: Bq76952Config, grid: Grid, raw: number): number {
  if (grid.name === 'short_mA') return (SHORT_LEVELS_MV[raw] * 1e6) / config.shunt_uOhm;
  const n = grid.least < 0 && raw > 127 ? raw - 256 : raw;
  return (grid.first + grid.step * n) / 10;
}

function refuse(config: Bq76952Config): void {
  const limits = config.limits;
  let cells = 0;
  for (let input = 0; input < 16; input++) cells += (config.cells >> input) & 1;
  let what = '';
  if (!(config.shunt_uOhm > 0)) what = 'shunt_uOhm is ' + config.shunt_uOhm + '; allowed: above 0';
  else if (cells < 3 || (config.cells & 0x8001) !== 0x8001 || config.cells > 0xffff)
    what = 'cells is ' + config.cells + '; allowed: 3 to 16 inputs with the lowest and the topmost';
  else if (config.protections & ~SUPPORTED) what = 'protections has ' + (config.protections & ~SUPPORTED);
  else if (config.protections & NEED_THERMISTOR && (config.thermistors & 7) === 0)
    what = 'thermistors is 0; the protections need at least one';
  else if (!(limits.chargeHotRelease_C < limits.chargeHot_C)) what = 'chargeHotRelease_C is not below chargeHot_C';
  else if (!(limits.dischargeHotRelease_C < limits.dischargeHot_C))
    what = 'dischargeHotRelease_C is not below dischargeHot_C';
  else if (!(limits.dieHotRelease_C < limits.dieHot_C)) what = 'dieHotRelease_C is not below dieHot_C';
  else if (!(limits.chargeColdRelease_C > limits.chargeCold_C)) what = 'chargeColdRelease_C is not above chargeCold_C';
  else if (!(limits.dischargeColdRelease_C > limits.dischargeCold_C))
    what = 'dischargeColdRelease_C is not above dischargeCold_C';
  else if (!(limits.cellUnder_mV + limits.cellUnderHysteresis_mV < limits.cellOver_mV - limits.cellOverHysteresis_mV))
    what = 'cellUnder_mV is not below cellOver_mV by both their hystereses';
  if (what !== '') throw new Error('BQ76952 ' + what);
}

/** The bits of a single-precision number, as the part keeps its gains. */
function float32(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getInt32(0);
}
