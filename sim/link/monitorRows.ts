/** What a device measures as rows: columns of the Battery Data Format first, then what is Caldera's own. */
import { bdfHeader, bdfRow } from '../results/bdf';
import type { EstimatesNow, Measurement } from './telemetry';

const ESTIMATES = {
  etaConc_mV: 'EtaConc_mV',
  etaFast_mV: 'EtaFast_mV',
  stateOfCharge_pct: 'StateOfCharge_pct',
  active_mAh: 'Active_mAh',
  residual_mAh: 'Residual_mAh',
  isolated_mAh: 'Isolated_mAh',
  dead_mAh: 'Dead_mAh',
  sei_mAh: 'Sei_mAh',
} as const satisfies Record<string, keyof EstimatesNow>;

/** `etaConc_mV`, `etaConcSigma_mV`, ... */
const estimateColumns = Object.keys(ESTIMATES).flatMap((name) => [name, name.replace('_', 'Sigma_')]);
const OWN = ['Unix Time / s', 'switches', 'fault', 'charge_pct', 'whyCharge', 'discharge_pct', 'whyDischarge'];
export const monitorHeader = [bdfHeader, ...OWN, ...estimateColumns].join(',');

/** One row after the other, so that the test time goes on where a device begins anew. */
export class MonitorRows {
  private last_s: number | undefined;
  private offset_s = 0;
  private lastAt_ms = 0;

  /** A line without its end; undefined: a measurement without voltage or current is none. */
  row(
    m: Readonly<Measurement>,
    estimates: Readonly<EstimatesNow> | undefined,
    measuredAt_ms: number,
  ): string | undefined {
    if (m.time_ms === null || m.voltage_mV === null || m.current_mA === null) return undefined;
    const own = [m.switches, m.fault, m.charge_pct, m.whyCharge, m.discharge_pct, m.whyDischarge];
    const known = Object.values(ESTIMATES).flatMap((name) => {
      const { value, sigma } = estimates?.[name] ?? { value: null, sigma: null };
      return [value, sigma];
    });
    const sample = bdfRow({
      time_s: this.testTime_s(m.time_ms / 1000, measuredAt_ms),
      voltage_V: m.voltage_mV / 1000,
      current_A: m.current_mA / 1000,
      cycle: m.cycle ?? 0,
      step: m.step ?? 0,
      temperature_C: m.temperature_cC === null ? NaN : m.temperature_cC / 100,
    }).replace(/NaN$/, '');
    return [sample, (measuredAt_ms / 1000).toFixed(3), ...[...own, ...known].map((value) => value ?? '')].join(',');
  }

  /** The device's time; where it began anew, this machine's clock tells how long that took. */
  private testTime_s(device_s: number, at_ms: number): number {
    if (this.last_s !== undefined && device_s + this.offset_s < this.last_s)
      this.offset_s = this.last_s + Math.max(0, at_ms - this.lastAt_ms) / 1000 - device_s;
    this.last_s = device_s + this.offset_s;
    this.lastAt_ms = at_ms;
    return this.last_s;
  }
}
