/**
 * The protections of the TI BQ76952 (technical reference manual SLUUBY2B, section 5): comparators on current and cells with their
 * delays, temperatures, the host's watchdog, the two latches, and how each of them ends.
 *
 * Cells are looked at every 3.3 ms, and once a second while one is being balanced. What the part's processor does, it does four
 * times a second, temperatures once a second. Left out: the third level of over-current, the latch on over-voltage, the time limit of
 * precharge, the temperature of the switches and every permanent failure; to enable one is refused. A latch ends by
 * command only: load detection on the LD pin and recovery by a charger are left out.
 */
import { UndefinedAccess } from './bus';
import type { Bq76952Memory } from './bq76952Memory';

/** Bits of Safety Status A, B in bits 8 to 15, C in bits 16 to 23. */
const CUV = 0x04;
export const COV = 0x08;
const OCC = 0x10;
const OCD1 = 0x20;
const OCD2 = 0x40;
const SCD = 0x80;
const UTC = 0x0100;
const UTD = 0x0200;
const UTINT = 0x0400;
const OTC = 0x1000;
const OTD = 0x2000;
const OTINT = 0x4000;
const HWDF = 0x020000;
const OCDL = 0x200000;
const SCDL = 0x400000;
const MODELLED = 0xfc | UTC | UTD | UTINT | OTC | OTD | OTINT | HWDF | OCDL | SCDL;

const COMPARED = [SCD, OCD2, OCD1, OCC, COV, CUV] as const;
const CELLS_FROM = 4;
const SHORT_LEVELS_MV = [10, 20, 40, 60, 80, 100, 125, 150, 175, 200, 250, 300, 350, 400, 450, 500];
const CELL_STEP_MV = 50.6;
const CELL_CHECK_S = 3.3e-3;
/** A short circuit without a delay still takes the comparator's own time; some 1 us (section 5.2.6). */
const COMPARATOR_S = 1e-6;
export const TICK_S = 0.25;
export const TICKS_PER_SECOND = 4;
const TINY_S = 1e-12;

/** Bit, and address of threshold, delay and recovery; hot ones trip upwards. */
const TEMPERATURES = [
  { bit: OTC, address: 0x929a, hot: true, die: false },
  { bit: OTD, address: 0x929d, hot: true, die: false },
  { bit: OTINT, address: 0x92a3, hot: true, die: true },
  { bit: UTC, address: 0x92a6, hot: false, die: false },
  { bit: UTD, address: 0x92a9, hot: false, die: false },
  { bit: UTINT, address: 0x92ac, hot: false, die: true },
] as const;

/** What the comparators see, and what the part last measured. */
export interface Bq76952Sensed {
  /** Over the shunt, discharge positive [mV], and by the part's own gain [mA]. */
  shunt_mV: number;
  current_mA: number;
  highest_mV: number;
  lowest_mV: number;
  stack_mV: number;
  pack_mV: number;
  /** Of the thermistors of cells; NaN without one. */
  hottest_C: number;
  coldest_C: number;
  die_C: number;
}

/** How wrong a specimen's comparators are. */
export interface ComparatorErrors {
  /** Added to what the comparators of the cells see [mV]. */
  cellComparator_mV: number;
  /** Factor on what those of the current see. */
  currentComparatorGain: number;
}

export class Bq76952Protections {
  /** Faults, and what would become one after its delay. */
  status = 0;
  alert = 0;
  /** Both with the cells compared once a second. */
  balancing = false;
  /** Since the host was last heard [s]. */
  silent_s = 0;

  private enabled = 0;
  private readonly threshold_mV = new Float64Array(COMPARED.length);
  private readonly delay_s = new Float64Array(COMPARED.length);
  /** How long each has been over its threshold; negative until the cells are next looked at. */
  private readonly over_s = new Float64Array(COMPARED.length);
  private readonly seen_mV = new Float64Array(COMPARED.length);
  private readonly hot_s = new Float64Array(TEMPERATURES.length);
  /** Since the cause of each fault is gone [s], by bit. */
  private readonly gone_s = new Float64Array(24);
  private readonly latches = [
    { bit: SCDL, by: SCD, limit: 0x9295, forget: 0x9296, count: 0, idle_s: 0 },
    { bit: OCDL, by: OCD1 | OCD2, limit: 0x928f, forget: 0x9290, count: 0, idle_s: 0 },
  ];
  private sinceCheck_s = 0;

  constructor(
    private readonly memory: Bq76952Memory,
    private readonly errors: ComparatorErrors,
  ) {}

  /** Takes over what is in data memory; nothing of before remains. */
  restart(): void {
    const { memory } = this;
    this.enabled = memory.get(0x9261) | (memory.get(0x9262) << 8) | (memory.get(0x9263) << 16);
    if (this.enabled & ~MODELLED)
      throw new UndefinedAccess(`the BQ76952 model lacks protections 0x${(this.enabled & ~MODELLED).toString(16)}`);
    this.threshold_mV.set([
      SHORT_LEVELS_MV[memory.get(0x9286)]!,
      2 * memory.get(0x9284),
      2 * memory.get(0x9282),
      2 * memory.get(0x9280),
      CELL_STEP_MV * memory.get(0x9278),
      -CELL_STEP_MV * memory.get(0x9275),
    ]);
    const steps = (address: number): number => 3.3e-3 * (2 + memory.get(address));
    this.delay_s.set([
      Math.max(15e-6 * (memory.get(0x9287) - 1), COMPARATOR_S),
      steps(0x9285),
      steps(0x9283),
      steps(0x9281),
      steps(0x9279),
      steps(0x9276),
    ]);
    this.status = this.alert = 0;
    this.silent_s = 0;
    this.over_s.fill(0);
    this.hot_s.fill(0);
    this.gone_s.fill(0);
    for (const latch of this.latches) latch.count = latch.idle_s = 0;
  }

  /** How long nothing happens if all stays as it is, at most `limit_s`. */
  quiet_s(sensed: Bq76952Sensed, limit_s: number): number {
    this.see(sensed);
    let quiet_s = limit_s;
    for (let k = 0; k < COMPARED.length; k++) {
      if (!this.counts(k)) continue;
      const over_s = this.over_s[k]! === 0 ? -this.untilSeen_s(k) : this.over_s[k]!;
      quiet_s = Math.min(quiet_s, Math.max(this.delay_s[k]! - over_s, TINY_S));
    }
    return quiet_s;
  }

  /** Lets the comparators live. */
  advance(dt_s: number, sensed: Bq76952Sensed): void {
    this.see(sensed);
    for (let k = 0; k < COMPARED.length; k++) {
      const bit = COMPARED[k]!;
      if (!this.counts(k)) {
        this.over_s[k] = 0;
        this.alert &= ~bit;
        continue;
      }
      const over_s = (this.over_s[k]! === 0 ? -this.untilSeen_s(k) : this.over_s[k]!) + dt_s;
      this.over_s[k] = over_s === 0 ? TINY_S : over_s;
      if (over_s >= 0) this.alert |= bit;
      if (over_s >= this.delay_s[k]! - TINY_S) this.trip(bit);
    }
    this.sinceCheck_s = (this.sinceCheck_s + dt_s) % CELL_CHECK_S;
    this.silent_s += dt_s;
  }

  /** One of four turns a second of the part's processor. `first` of the four looks at temperatures. */
  tick(sensed: Bq76952Sensed, first: boolean): void {
    if (first) this.temperatures(sensed);
    if (this.enabled & HWDF) {
      if (this.silent_s >= this.memory.get(0x92b2)) this.status |= HWDF;
      else this.status &= ~HWDF;
    }
    for (const latch of this.latches) {
      if (latch.count === 0) continue;
      latch.idle_s += TICK_S;
      if (latch.idle_s < this.memory.get(latch.forget)) continue;
      latch.idle_s = 0;
      latch.count--;
    }
    this.recover(sensed);
  }

  /** SCDL_RECOVER, OCDL_RECOVER. */
  release(which: 'short' | 'overCurrent'): void {
    const latch = this.latches[which === 'short' ? 0 : 1]!;
    this.status &= ~latch.bit;
    latch.count = 0;
  }

  private see(sensed: Bq76952Sensed): void {
    const shunt_mV = sensed.shunt_mV * this.errors.currentComparatorGain;
    const { seen_mV } = this;
    seen_mV[0] = seen_mV[1] = seen_mV[2] = shunt_mV;
    seen_mV[3] = -shunt_mV;
    seen_mV[4] = sensed.highest_mV + this.errors.cellComparator_mV;
    seen_mV[5] = -(sensed.lowest_mV + this.errors.cellComparator_mV);
  }

  /** Whether a comparator is on and over its threshold, and its fault not yet there. */
  private counts(k: number): boolean {
    const bit = COMPARED[k]!;
    if (!(this.enabled & bit) || this.status & bit) return false;
    if (k >= CELLS_FROM && this.balancing) return false;
    return this.seen_mV[k]! > this.threshold_mV[k]!;
  }

  private untilSeen_s(k: number): number {
    return k >= CELLS_FROM ? CELL_CHECK_S - this.sinceCheck_s : 0;
  }

  /** Whether a cell is beyond its limit: the look that a part that is balancing takes once a second. */
  cellAlert(sensed: Bq76952Sensed): boolean {
    this.see(sensed);
    for (let k = CELLS_FROM; k < COMPARED.length; k++)
      if (this.enabled & COMPARED[k]! && this.seen_mV[k]! > this.threshold_mV[k]!) return true;
    return false;
  }

  private trip(bit: number): void {
    this.status |= bit;
    this.alert &= ~bit;
    this.gone_s[place(bit)] = 0;
    for (const latch of this.latches) {
      if (!(latch.by & bit)) continue;
      latch.count++;
      latch.idle_s = 0;
      const limit = this.memory.get(latch.limit);
      if (this.enabled & latch.bit && limit > 0 && latch.count >= limit) this.status |= latch.bit;
    }
  }

  private temperatures(sensed: Bq76952Sensed): void {
    for (let k = 0; k < TEMPERATURES.length; k++) {
      const { bit, address, hot, die } = TEMPERATURES[k]!;
      const value_C = die ? sensed.die_C : hot ? sensed.hottest_C : sensed.coldest_C;
      const threshold_C = this.memory.get(address);
      const beyond = hot ? value_C >= threshold_C : value_C <= threshold_C;
      if (!(this.enabled & bit) || this.status & bit || !beyond) {
        this.hot_s[k] = 0;
        this.alert &= ~bit;
        continue;
      }
      if (this.alert & bit) this.hot_s[k]! += 1;
      this.alert |= bit;
      if (this.hot_s[k]! >= this.memory.get(address + 1)) this.trip(bit);
    }
  }

  private recover(sensed: Bq76952Sensed): void {
    for (let bit = 1; bit <= this.status; bit <<= 1) {
      if (!(this.status & bit) || bit & (HWDF | SCDL | OCDL)) continue;
      const n = place(bit);
      this.gone_s[n] = bit === SCD || this.isGone(bit, sensed) ? this.gone_s[n]! + TICK_S : 0;
      const needed_s = this.memory.get(bit === SCD ? 0x9294 : 0x92af);
      if (this.gone_s[n]! >= needed_s && this.gone_s[n]! > 0) this.status &= ~bit;
    }
  }

  private isGone(bit: number, sensed: Bq76952Sensed): boolean {
    const { memory } = this;
    const charge_mA = -sensed.current_mA;
    switch (bit) {
      case CUV:
        return sensed.lowest_mV > CELL_STEP_MV * (memory.get(0x9275) + memory.get(0x927b));
      case COV:
        return sensed.highest_mV < CELL_STEP_MV * (memory.get(0x9278) - memory.get(0x927c));
      case OCC:
        return charge_mA <= memory.get(0x9288) || sensed.stack_mV - sensed.pack_mV >= 10 * memory.get(0x92b0);
      case OCD1:
      case OCD2:
        return charge_mA >= memory.get(0x928d);
      default: {
        const { address, hot, die } = TEMPERATURES.find((temperature) => temperature.bit === bit)!;
        const value_C = die ? sensed.die_C : hot ? sensed.hottest_C : sensed.coldest_C;
        const release_C = memory.get(address + 2);
        return hot ? value_C <= release_C : value_C >= release_C;
      }
    }
  }
}

const place = (bit: number): number => 31 - Math.clz32(bit);
