/** All that a board has said since the page listens to it. */
import type { DeviceVersion } from '../../../link/deviceLink';
import { monitorHeader, MonitorRows } from '../../../link/monitorRows';
import { STALE_MS, type EstimatesNow, type Measurement } from '../../../link/telemetry';
import type { LiveEntry } from '../../liveSource';
import { Age } from './age';
import { Series } from './series';

/** The display is renewed often enough that what is older than `STALE_MS` never stands there as current. */
const SHOWN_STALE_MS = STALE_MS - 500;

export interface Said {
  at_ms: number;
  text: string;
}

export class LiveRecord {
  readonly measured = new Series(['voltage_V', 'current_A', 'temperature_C']);
  readonly estimated = new Series([
    ...(['etaConc_mV', 'etaConcSigma_mV', 'etaFast_mV'] as const),
    ...(['active_mAh', 'isolated_mAh', 'dead_mAh', 'sei_mAh'] as const),
  ]);
  /** Connections, faults and what else is for a person, oldest first. */
  readonly said: Said[] = [];
  /** Undefined: none has answered yet. */
  version: DeviceVersion | undefined;
  /** Why there is no board; undefined: there is one. */
  closed: string | undefined = 'not connected yet';
  measurement: Measurement | undefined;
  estimates: EstimatesNow | undefined;
  lost = 0;
  private measuredAt_ms = -Infinity;
  private estimatedAt_ms = -Infinity;
  private readonly age = new Age();
  private readonly rows = new MonitorRows();
  private readonly lines: string[] = [monitorHeader];

  /** @param now_ms by the clock that dates the entries */
  hear(entries: readonly LiveEntry[], now_ms: number): void {
    this.age.now(now_ms);
    for (const entry of entries) this.take(entry);
  }

  /** Of the last measurement [ms]; Infinity: there was none. */
  measuredAge_ms(): number {
    return this.age.of(this.measuredAt_ms);
  }

  /** What is shown of the measurements is not what is now. */
  get isStale(): boolean {
    return this.measuredAge_ms() > SHOWN_STALE_MS;
  }

  /** They come once a second. */
  get areEstimatesStale(): boolean {
    return this.isStale || this.age.of(this.estimatedAt_ms) > STALE_MS;
  }

  /** By the clock that dates the entries. */
  now_ms(): number {
    return this.age.other_ms();
  }

  /** When the first measurement came [s since 1970]. */
  get begin_s(): number {
    return this.measured.length === 0 ? NaN : this.measured.time_s(0);
  }

  /** Everything measured, in columns of the Battery Data Format and Caldera's own. */
  csv(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private take(entry: LiveEntry): void {
    const { at_ms } = entry;
    switch (entry.kind) {
      case 'opened':
        this.version = entry.version;
        this.closed = undefined;
        this.interrupt();
        this.said.push({ at_ms, text: `connected to ${entry.version.board}` });
        break;
      case 'closed':
        this.closed = entry.why;
        this.said.push({ at_ms, text: `no connection: ${entry.why}` });
        break;
      case 'event':
        this.said.push({ at_ms, text: entry.text });
        break;
      case 'lost':
        this.lost += entry.count;
        break;
      case 'estimates':
        this.takeEstimates(entry.estimates, at_ms);
        break;
      case 'measurement':
        this.takeMeasurement(entry.measurement, at_ms);
    }
  }

  private takeMeasurement(measurement: Measurement, at_ms: number): void {
    // The same moment again is no news, whoever repeats it.
    if (measurement.time_ms !== null && measurement.time_ms === this.measurement?.time_ms) return;
    if (at_ms - this.measuredAt_ms > STALE_MS) this.interrupt();
    this.measurement = measurement;
    this.measuredAt_ms = at_ms;
    const { voltage_mV, current_mA, temperature_cC } = measurement;
    this.measured.push(at_ms / 1000, {
      voltage_V: scaled(voltage_mV, 1000),
      current_A: scaled(current_mA, 1000),
      temperature_C: scaled(temperature_cC, 100),
    });
    const line = this.rows.row(measurement, this.estimates, at_ms);
    if (line !== undefined) this.lines.push(line);
  }

  private takeEstimates(estimates: EstimatesNow, at_ms: number): void {
    this.estimates = estimates;
    this.estimatedAt_ms = at_ms;
    this.estimated.push(at_ms / 1000, {
      etaConc_mV: estimates.EtaConc_mV.value,
      etaConcSigma_mV: estimates.EtaConc_mV.sigma,
      etaFast_mV: estimates.EtaFast_mV.value,
      active_mAh: estimates.Active_mAh.value,
      isolated_mAh: estimates.Isolated_mAh.value,
      dead_mAh: estimates.Dead_mAh.value,
      sei_mAh: estimates.Sei_mAh.value,
    });
  }

  /** Nothing was heard for a while: the lines are not drawn across. */
  private interrupt(): void {
    for (const series of [this.measured, this.estimated]) if (series.length > 0) series.gap(series.lastTime_s + 0.001);
  }
}

const scaled = (value: number | null, by: number): number | null => (value === null ? null : value / by);
