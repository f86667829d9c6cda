/** A BQ76952 with its driver on a wire, and six cells in front of it. */
import type { Bytes, I2cBus } from '../../hal/bus';
import {
  Bq76952Fault,
  Bq76952Fet,
  Bq76952FetOff,
  Bq76952Subcommand,
  bq76952Read,
  bq76952Send,
} from '../../hal/chips/bq76952';
import { bq76952Open, type Bq76952Opened } from '../../hal/chips/bq76952Open';
import type { Bq76952Config, Bq76952Limits } from '../../hal/chips/bq76952Settings';
import { Bq76952Model } from '../../sim/chips/bq76952';
import { BQ76952_TYPICAL, type Bq76952Errors } from '../../sim/chips/bq76952Measure';
import { Random } from '../../sim/random';

export const IDEAL: Bq76952Errors = {
  ...BQ76952_TYPICAL,
  cellOffsetSpread_mV: 0,
  cellGainSpread: 0,
  cellNoise_mV: 0,
  cellComparator_mV: 0,
  currentComparatorGain: 1,
  shuntOffset_uV: 0,
  shuntGain: 1,
  shuntNoise_uV: 0,
  stackGain: 1,
  thermistorSpread_C: 0,
  selfHeating_C: 0,
  torn: 0,
};

export const LIMITS: Bq76952Limits = {
  cellOver_mV: 4350,
  cellOverDelay_ms: 200,
  cellOverHysteresis_mV: 150,
  cellUnder_mV: 2500,
  cellUnderDelay_ms: 200,
  cellUnderHysteresis_mV: 300,
  chargeOver_mA: 30000,
  chargeOverDelay_ms: 40,
  dischargeOver1_mA: 120000,
  dischargeOver1Delay_ms: 40,
  dischargeOver2_mA: 150000,
  dischargeOver2Delay_ms: 20,
  short_mA: 250000,
  shortDelay_us: 100,
  chargeHot_C: 45,
  chargeHotRelease_C: 42,
  dischargeHot_C: 60,
  dischargeHotRelease_C: 55,
  chargeCold_C: 0,
  chargeColdRelease_C: 3,
  dischargeCold_C: -20,
  dischargeColdRelease_C: -15,
  dieHot_C: 100,
  dieHotRelease_C: 90,
  temperatureDelay_s: 1,
  recovery_s: 3,
  shortRecovery_s: 5,
  latchAfter: 1,
  hostSilence_s: 2,
  balance_s: 20,
};

export const ALL_FAULTS =
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

/** Six cells, on the lowest five inputs and the topmost; thermistors at TS1 and TS2. */
const INPUTS = [0, 1, 2, 3, 4, 15];
export const CONFIG: Bq76952Config = {
  address: 0x08,
  crc: true,
  cells: 0x801f,
  shunt_uOhm: 1000,
  thermistors: 3,
  protections: ALL_FAULTS,
  limits: LIMITS,
};
export const PLAIN = { ...CONFIG, crc: false };
export const SILENT_FOR_EVER = { ...CONFIG, limits: { ...LIMITS, hostSilence_s: 65535 } };

export const BOTH = Bq76952Fet.Charge | Bq76952Fet.Discharge;

const BYTE_MS = (1000 * 9) / 400000;

/** One part on a wire of 400 kHz: time passes with every byte, and reads are as long as the driver asks. */
export class Wire implements I2cBus {
  time_ms = 0;
  transactions = 0;
  /** Whatever a test does to the bytes of a read. */
  onRead: ((bytes: Uint8Array, register: number) => void) | undefined;

  constructor(readonly part: Bq76952Model) {}

  readReg(_address: number, register: number, count: number): Bytes {
    this.pass(count + 3);
    const out = new Uint8Array(count);
    this.part.wire.readReg(register, out, this.time_ms);
    this.onRead?.(out, register);
    return out;
  }

  readFrom(_address: number, count: number): Bytes {
    this.pass(count + 1);
    const out = new Uint8Array(count);
    this.part.wire.readFrom(out, this.time_ms);
    return out;
  }

  writeTo(_address: number, bytes: Bytes): void {
    this.pass(bytes.length + 1);
    this.part.wire.writeTo(bytes, this.time_ms);
  }

  private pass(bytes: number): void {
    this.transactions++;
    this.time_ms += bytes * BYTE_MS;
  }
}

export class Bench {
  readonly model: Bq76952Model;
  readonly wire: Wire;
  readonly cells_V: Float64Array;
  readonly temperatures_C = Float64Array.of(25, 25, 25);
  current_A = 0;
  opened!: Bq76952Opened;

  constructor(
    errors: Bq76952Errors = IDEAL,
    readonly config = CONFIG,
    inputs = INPUTS,
  ) {
    this.model = new Bq76952Model(inputs, new Random(1, 'bq76952'), errors);
    this.wire = new Wire(this.model);
    this.cells_V = new Float64Array(inputs.length).fill(3.8);
  }

  open(): this {
    this.opened = bq76952Open(this.wire, this.config);
    return this;
  }

  get afe() {
    return this.opened.afe;
  }

  /** Opens, allows both switches, and waits until they are closed. */
  close(): this {
    this.open();
    bq76952Send(this.afe, Bq76952Subcommand.FetControl, Bq76952FetOff.Precharge | Bq76952FetOff.Predischarge, 1);
    this.live(0.5);
    return this;
  }

  /** Lets the part live, and the wire's clock with it. @returns how long until a switch moved; `dt_s` when none did */
  live(dt_s: number): number {
    let moved_s = dt_s;
    for (let lived_s = 0; lived_s < dt_s - 1e-12;) {
      const step_s = this.model.run(dt_s - lived_s, this.cells_V, this.current_A, this.temperatures_C);
      lived_s += step_s;
      if (lived_s < dt_s - 1e-12 && moved_s === dt_s) moved_s = lived_s;
    }
    this.wire.time_ms += dt_s * 1000;
    return moved_s;
  }

  /** Lets the part live until a switch moves. @returns how long that took; `limit_s` when none did */
  untilMoved(limit_s: number): number {
    const lived_s = this.model.run(limit_s, this.cells_V, this.current_A, this.temperatures_C);
    this.wire.time_ms += lived_s * 1000;
    return lived_s;
  }

  /** The words of the block of cells. */
  cells(): Float64Array {
    const out = new Float64Array(this.afe.cells.words.length);
    bq76952Read(this.afe, this.afe.cells, out);
    return out;
  }

  status(): number {
    return bq76952Read(this.afe, this.afe.cells, new Float64Array(this.afe.cells.words.length));
  }

  /** Safety status A, B and C as one word. */
  faults(): number {
    const out = new Float64Array(3);
    bq76952Read(this.afe, this.afe.safety, out);
    return ((out[0]! >> 8) & 0xff) | (out[1]! & 0xff00) | ((out[2]! & 0xff00) << 8);
  }

  fets(): number {
    return bq76952Read(this.afe, this.afe.fets, new Float64Array(0));
  }
}

/** A bench whose host need not speak. */
export const calm = (): Bench => new Bench(IDEAL, SILENT_FOR_EVER).close();
