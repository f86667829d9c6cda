/** Alarm Status of the TI BQ76952 and its ALERT pin (technical reference manual SLUUBY2B): what begins is kept until it is cleared. */
import type { Bq76952Balancing } from './bq76952Balancing';
import type { Bq76952Memory } from './bq76952Memory';
import type { Bq76952Protections } from './bq76952Protections';
import type { Bq76952Switches } from './bq76952Switches';

/** Of ALERT Pin Config. */
const ALERT_FUNCTION = 2;
const ALERT_LOW = 0x80;

export class Bq76952Alarm {
  /** Alarm Status. */
  status = 0;
  private before = 0;

  constructor(
    private readonly memory: Bq76952Memory,
    private readonly protections: Bq76952Protections,
    private readonly switches: Bq76952Switches,
    private readonly balancing: Bq76952Balancing,
  ) {}

  restart(): void {
    this.status = this.before = 0;
  }

  /** Alarm Raw Status: what is so now. */
  get raw(): number {
    const { status, alert } = this.protections;
    const { memory } = this;
    const masked = memory.get(0x926f) | (memory.get(0x9270) << 8) | (memory.get(0x9271) << 16);
    return (
      (status & 0xffff00 ? 0x8000 : 0) |
      (status & 0xff ? 0x4000 : 0) |
      (alert & masked ? 0x1000 : 0) |
      (this.switches.charge ? 0 : 0x40) |
      (this.switches.discharge ? 0 : 0x20) |
      (this.balancing.active ? 0x04 : 0)
    );
  }

  /** Keeps what has begun since the last time, of what is enabled. */
  latch(enabled: number): void {
    const { raw } = this;
    this.status |= raw & ~this.before & enabled;
    this.before = raw;
  }

  /** Level of the pin, with a pull-up; high where it has another function. */
  get pin(): boolean {
    const config = this.memory.get(0x92fc);
    if ((config & 3) !== ALERT_FUNCTION) return true;
    return (this.status !== 0) !== ((config & ALERT_LOW) !== 0);
  }
}
