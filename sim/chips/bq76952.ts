/**
 * Register-level model of the TI BQ76952 (technical reference manual SLUUBY2B, datasheet SLUSE13): direct commands, subcommands
 * with their checksum, length and time, data memory, CONFIG_UPDATE, CRC on every byte, measurement, protections, the two switches,
 * balancing, the ALERT pin, reset. Here are its registers as the host finds them, CONFIG_UPDATE, reset and its own turns; the rest
 * stands in the files beside.
 *
 * `run` lets it live, and comes back early when a switch opens or closes: the bench then carries the pack as far and goes on.
 *
 * A part that reset itself answers nonsense with nonsense: its host still frames with CRCs what it now takes for data. So until it
 * is reset by command, what is not defined is ignored, and registers that are not defined read 0; else they throw.
 *
 * Left out: SLEEP, DEEPSLEEP and SHUTDOWN, SEALED mode, OTP, precharge and predischarge, the factory's switch tests, the pins other
 * than ALERT and the thermistors, SPI and HDQ, permanent failures, gate charge of the switches (some 10 us). Assumed, because not
 * stated: how long the part is silent, and not ready, after a reset; that a change to CRC takes effect at the end of CONFIG_UPDATE
 * (stated of the speed alone); that Alarm Status, once written clear, is set again by the next fault and not by one that lasts.
 */
import type { Random } from '../random';
import { BusFault, UndefinedAccess } from './bus';
import { Bq76952Alarm } from './bq76952Alarm';
import { Bq76952Charge } from './bq76952Charge';
import { Bq76952Measure, BQ76952_TYPICAL, type Bq76952Errors } from './bq76952Measure';
import { Bq76952Memory } from './bq76952Memory';
import { Bq76952Balancing } from './bq76952Balancing';
import { Bq76952Protections, TICK_S, TICKS_PER_SECOND } from './bq76952Protections';
import { ALARM_ENABLE, ALARM_STATUS, BUFFER, Bq76952Registers, CHECKSUM, LENGTH, SUBCOMMAND } from './bq76952Registers';
import { Bq76952Subcommands } from './bq76952Subcommands';
import { Bq76952Switches } from './bq76952Switches';
import { Bq76952Wire } from './bq76952Wire';

/** Comm Type: with CRC and without, of those on I2C. */
const COMM_CRC = [0x11, 0x12];
const COMM_PLAIN = [0x00, 0x07, 0x08, 0x09, 0x1e, 0xff];

/** Times of section 9.4 [ms]; of a reset assumed. */
const ENTER_UPDATE_MS = 2;
const EXIT_UPDATE_MS = 1;
const SILENT_MS = 4.3;
const START_MS = 250;

/** Time between two results of the current. */
const CURRENT_S = 3e-3;

export class Bq76952Model {
  /** What the host's bus meets. */
  readonly wire: Bq76952Wire;
  readonly memory = new Bq76952Memory();
  readonly protections: Bq76952Protections;
  readonly measure: Bq76952Measure;
  readonly switches: Bq76952Switches;
  readonly balancing: Bq76952Balancing;

  private readonly registers: Bq76952Registers;
  private readonly alarm: Bq76952Alarm;
  private readonly charge: Bq76952Charge;
  private readonly subcommands: Bq76952Subcommands;
  /** Bus times [ms] at which something that was begun is done. */
  private silentUntil_ms = -Infinity;
  private startedAt_ms = -Infinity;
  private updateAt_ms = Infinity;
  private updating = false;
  private updateWanted = false;
  private powerOnReset = true;
  /** Reset by itself, so that the host does not know. */
  private unaware = false;

  private toTick_s = TICK_S;
  private ticks = 0;

  constructor(
    /** The input of each cell, 0 to 15, lowest cell first; the others are shorted. */
    readonly inputs: readonly number[],
    random: Random,
    errors: Bq76952Errors = BQ76952_TYPICAL,
    address = 0x08,
  ) {
    this.protections = new Bq76952Protections(this.memory, errors);
    this.measure = new Bq76952Measure(inputs, this.memory, random, errors);
    this.switches = new Bq76952Switches(this.memory, this.protections, this.measure.sensed);
    this.balancing = new Bq76952Balancing(this.memory, this.measure, this.protections, errors);
    this.charge = new Bq76952Charge(this.memory);
    this.alarm = new Bq76952Alarm(this.memory, this.protections, this.switches, this.balancing);
    const { memory, measure, protections, switches, balancing, charge, alarm } = this;
    this.registers = new Bq76952Registers(memory, measure, protections, switches, alarm, random, errors);
    this.subcommands = new Bq76952Subcommands(this, this.registers, memory, switches, protections, balancing, charge);
    this.wire = new Bq76952Wire(address, this, random);
    this.powerUp();
  }

  /** The part resets itself: switches open, everything as at power-up, and the host does not know. */
  reset(): void {
    this.powerUp();
    this.unaware = true;
  }

  /** Whether the switch conducts. With the other one open, current may still flow through the body diode of that one. */
  get chargeConducts(): boolean {
    return this.switches.chargeConducts;
  }
  get dischargeConducts(): boolean {
    return this.switches.dischargeConducts;
  }

  /** Level of the ALERT pin, with a pull-up; high where the pin has another function. */
  get alertPin(): boolean {
    return this.alarm.pin;
  }

  /**
   * Lives for at most `dt_s` at these voltages [V], lowest cell first, current through the shunt [A], discharge positive, and
   * temperatures of the thermistors at TS1 to TS3 [degC].
   * @returns how long it lived [s]: less than asked when a switch opened or closed at the end of that time
   */
  run(dt_s: number, cells_V: Float64Array, current_A: number, temperatures_C: Float64Array): number {
    this.settle(Infinity);
    const { measure, protections, switches, balancing } = this;
    const { sensed } = measure;
    let lived_s = 0;
    balancing.mean_A.fill(0);
    while (lived_s < dt_s) {
      measure.sense(cells_V, current_A, temperatures_C);
      const charge = this.chargeConducts;
      const discharge = this.dischargeConducts;
      let step_s = Math.min(dt_s - lived_s, this.toTick_s);
      if (!this.updating) {
        if (switches.diodeWaits(current_A)) step_s = Math.min(step_s, CURRENT_S);
        step_s = protections.quiet_s(sensed, step_s);
        protections.advance(step_s, sensed);
        measure.advance(step_s);
        this.charge.count(measure.counted_mAs(step_s), step_s);
        balancing.drain(step_s, cells_V);
      }
      lived_s += step_s;
      this.toTick_s -= step_s;
      if (this.toTick_s <= 1e-12) this.tick();
      if (!this.updating) switches.open();
      this.alarm.latch(this.registers.word(ALARM_ENABLE));
      if (charge !== this.chargeConducts || discharge !== this.dischargeConducts) break;
    }
    for (let k = 0; k < balancing.mean_A.length; k++) balancing.mean_A[k]! /= lived_s || 1;
    return lived_s;
  }

  // What stands behind the wire.

  /** @throws BusFault while the part starts */
  listen(time_ms: number): void {
    if (time_ms < this.silentUntil_ms) throw new BusFault('no acknowledge from a part that starts');
    this.settle(time_ms);
  }

  refresh(): void {
    this.registers.refresh(this.batteryStatus);
  }

  heard(): void {
    this.protections.silent_s = 0;
  }

  byteAt(register: number): number {
    if (this.subcommands.busy && register >> 1 === SUBCOMMAND >> 1) return 0xff;
    if (this.registers.has(register)) return this.registers.bytes[register]!;
    return this.undefinedAccess(`register 0x${register.toString(16)} does not exist`);
  }

  take(register: number, data: readonly number[], time_ms: number): void {
    const { bytes } = this.registers;
    let checksum = false;
    for (let k = 0; k < data.length; k++) {
      const at = register + k;
      const byte = data[k]!;
      if (at === SUBCOMMAND) {
        bytes[at] = byte;
      } else if (at === SUBCOMMAND + 1) {
        bytes[at] = byte;
        this.subcommands.begin(this.registers.word(SUBCOMMAND), time_ms);
      } else if (at >= BUFFER && at < CHECKSUM) {
        bytes[at] = byte;
        // What the host writes is not replaced by what it might have wanted to read.
        this.subcommands.cancel();
      } else if (at === CHECKSUM) {
        bytes[at] = byte;
        checksum = true;
      } else if (at === LENGTH) {
        bytes[at] = byte;
        if (checksum) this.subcommands.commit(this.updating);
        else this.undefinedAccess('checksum and length are written together');
      } else if (at === ALARM_STATUS || at === ALARM_STATUS + 1) {
        this.alarm.status &= ~(byte << (8 * (at - ALARM_STATUS)));
      } else if (at === ALARM_ENABLE || at === ALARM_ENABLE + 1) {
        bytes[at] = byte;
      } else {
        this.undefinedAccess(`register 0x${at.toString(16)} cannot be written`);
      }
    }
  }

  /** Lets what was begun be done that is due by then. */
  private settle(time_ms: number): void {
    if (time_ms >= this.startedAt_ms) this.startedAt_ms = -Infinity;
    this.subcommands.settle(time_ms);
    if (time_ms < this.updateAt_ms) return;
    this.updateAt_ms = Infinity;
    if (this.updateWanted === this.updating) return;
    this.updating = this.updateWanted;
    if (this.updating) {
      this.balancing.stop();
    } else {
      this.powerOnReset = this.unaware = false;
      this.restart();
      this.communicate();
    }
  }

  // What subcommands may do.

  /** Into CONFIG_UPDATE, or out of it. */
  update(wanted: boolean, time_ms: number): void {
    this.updateWanted = wanted;
    this.updateAt_ms = time_ms + (wanted ? ENTER_UPDATE_MS : EXIT_UPDATE_MS);
  }

  resetByCommand(time_ms: number): void {
    this.powerUp();
    this.silentUntil_ms = time_ms + SILENT_MS;
    this.startedAt_ms = time_ms + START_MS;
  }

  /** As data memory has it. */
  communicate(): void {
    const type = this.memory.get(0x9239);
    if (COMM_CRC.includes(type)) this.wire.crc = true;
    else if (COMM_PLAIN.includes(type)) this.wire.crc = false;
    else this.undefinedAccess(`Comm Type 0x${type.toString(16)} is not on I2C`);
  }

  private powerUp(): void {
    this.memory.reset();
    this.measure.reset();
    this.registers.bytes.fill(0);
    this.wire.crc = false;
    this.powerOnReset = true;
    this.unaware = false;
    this.updating = this.updateWanted = false;
    this.silentUntil_ms = this.startedAt_ms = -Infinity;
    this.updateAt_ms = Infinity;
    this.subcommands.cancel();
    this.charge.reset();
    this.toTick_s = TICK_S;
    this.ticks = 0;
    this.restart();
  }

  /** The part's firmware starts with what is in data memory. */
  private restart(): void {
    const { memory } = this;
    this.protections.restart();
    this.measure.restart();
    this.switches.restart();
    this.balancing.stop();
    this.alarm.restart();
    this.registers.putWord(ALARM_ENABLE, memory.get(0x926d));
  }

  // The part's own turns.

  private tick(): void {
    this.toTick_s = TICK_S;
    if (this.updating) return;
    const { sensed } = this.measure;
    const first = this.ticks % TICKS_PER_SECOND === 0;
    this.ticks++;
    this.protections.tick(sensed, first);
    if (first) this.balancing.tick();
    this.switches.tick();
  }

  private get batteryStatus(): number {
    const started = this.startedAt_ms === -Infinity;
    return (
      (this.updating ? 0x0001 : 0) |
      (this.powerOnReset ? 0x0008 : 0) |
      (started ? 0x0100 : 0) |
      (this.protections.status !== 0 ? 0x0800 : 0)
    );
  }

  /** @throws UndefinedAccess unless the host cannot know better */
  undefinedAccess(what: string): number {
    if (this.unaware) return 0;
    throw new UndefinedAccess(`BQ76952 ${what}`);
  }
}
