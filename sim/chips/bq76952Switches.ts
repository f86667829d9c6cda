/**
 * The two switches that the TI BQ76952 drives (technical reference manual SLUUBY2B, section 5.2.3): what the host permits, what
 * faults forbid, and the protection of body diodes. Opening is immediate, closing waits for the part's next turn.
 */
import type { Bq76952Memory } from './bq76952Memory';
import type { Bq76952Protections, Bq76952Sensed } from './bq76952Protections';

/** Bits of FET Options. */
const SERIES = 0x01;
const HOST_FET_EN = 0x04;
const FET_CTRL_EN = 0x08;
const FET_INIT_OFF = 0x20;
/** Of Mfg Status Init and Manufacturing Status: the part controls its switches. */
export const FET_EN = 0x10;
/** Bits of FET Control: forced open. */
const HOST_DSG = 0x01;
const HOST_CHG = 0x04;
export const HOST_ALL = 0x0f;
/** First of three masks of faults, and the values of that first one with which the part's hardware acts at once. */
const CHG_PROTECTIONS = 0x9265;
const DSG_PROTECTIONS = 0x9269;
const AT_ONCE = [0x98, 0x18, 0xe4, 0x80];

export class Bq76952Switches {
  /** What the drivers do. */
  charge = false;
  discharge = false;
  /** What the host forces open. */
  hostOff = 0;
  /** FET_EN. */
  enabled = false;
  /** Makes a switch conduct, or not, whatever its driver does; undefined: whole. */
  chargeStuck: boolean | undefined;
  dischargeStuck: boolean | undefined;

  constructor(
    private readonly memory: Bq76952Memory,
    private readonly protections: Bq76952Protections,
    private readonly sensed: Bq76952Sensed,
  ) {}

  get chargeConducts(): boolean {
    return this.chargeStuck ?? this.charge;
  }
  get dischargeConducts(): boolean {
    return this.dischargeStuck ?? this.discharge;
  }

  /** Takes over what is in data memory; both are open. */
  restart(): void {
    const { memory } = this;
    this.enabled = (memory.get(0x9343) & FET_EN) !== 0;
    this.hostOff = memory.get(0x9308) & FET_INIT_OFF ? HOST_ALL : 0;
    this.charge = this.discharge = false;
  }

  /** FET Control. */
  permit(hostOff: number): void {
    if (!(this.memory.get(0x9308) & HOST_FET_EN)) return;
    this.hostOff = hostOff;
    this.open();
  }

  /** Opens what must not be closed, unless the part's hardware does not act on these faults; closes what a diode's current asks for. */
  open(): void {
    if (!this.permitted(HOST_CHG, CHG_PROTECTIONS) && this.atOnce(CHG_PROTECTIONS)) this.charge = false;
    if (!this.permitted(HOST_DSG, DSG_PROTECTIONS) && this.atOnce(DSG_PROTECTIONS)) this.discharge = false;
    this.closeDiodes();
  }

  /** The part's turn, four times a second. */
  tick(): void {
    this.charge = this.permitted(HOST_CHG, CHG_PROTECTIONS);
    this.discharge = this.permitted(HOST_DSG, DSG_PROTECTIONS);
    this.closeDiodes();
  }

  /** Whether this current flows through the diode of one that is open, or has ceased to in one that is closed for it. */
  diodeWaits(current_A: number): boolean {
    if (!(this.memory.get(0x9308) & SERIES)) return false;
    const threshold_A = this.memory.get(0x9273) / 1000;
    const charge = this.permitted(HOST_CHG, CHG_PROTECTIONS);
    const discharge = this.permitted(HOST_DSG, DSG_PROTECTIONS);
    if (charge === discharge) return false;
    return discharge ? this.charge !== current_A > threshold_A : this.discharge !== current_A < -threshold_A;
  }

  private closeDiodes(): void {
    if (!this.enabled || !(this.memory.get(0x9308) & SERIES)) return;
    const { current_mA } = this.sensed;
    const threshold_mA = this.memory.get(0x9273);
    if (this.discharge && this.permitted(HOST_DSG, DSG_PROTECTIONS) && current_mA > threshold_mA) this.charge = true;
    if (this.charge && this.permitted(HOST_CHG, CHG_PROTECTIONS) && current_mA < -threshold_mA) this.discharge = true;
  }

  private permitted(host: number, protections: number): boolean {
    const controlled = this.enabled && (this.memory.get(0x9308) & FET_CTRL_EN) !== 0;
    return controlled && !(this.hostOff & host) && !this.isFaulty(protections);
  }

  private isFaulty(first: number): boolean {
    const { memory } = this;
    const mask = memory.get(first) | (memory.get(first + 1) << 8) | (memory.get(first + 2) << 16);
    return (this.protections.status & mask) !== 0;
  }

  private atOnce(protections: number): boolean {
    return !this.isFaulty(protections) || AT_ONCE.includes(this.memory.get(protections));
  }
}
