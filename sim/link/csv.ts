/** Writes what a device measures as CSV: columns of the Battery Data Format first, then what is Caldera's own. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { InputError } from '../errors';
import { bdfHeader, bdfRow } from '../results/bdf';
import { makeDirectories } from '../results/folder';
import type { Monitored } from './session';
import type { EstimatesNow } from './telemetry';

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

/** Rows go to the file at once, so that it is whole whenever the program ends. */
export class MonitorFile {
  private readonly handle: number;
  private last_s: number | undefined;
  private offset_s = 0;
  private lastAt_ms = 0;
  rows = 0;

  /** @throws InputError when the file exists or cannot be written */
  constructor(readonly file: string) {
    try {
      makeDirectories(path.dirname(path.resolve(file)));
      this.handle = fs.openSync(file, 'wx');
    } catch (error) {
      throw new InputError(
        `--out: ${file} cannot be written (${(error as NodeJS.ErrnoException).code}); allowed: a file that does not exist yet`,
      );
    }
    fs.writeSync(this.handle, `${monitorHeader}\n`);
  }

  /** A measurement without voltage or current is none, and is left out. */
  add({ measurement: m, estimates, measuredAt_ms }: Readonly<Monitored>): void {
    if (m === undefined || m.time_ms === null || m.voltage_mV === null || m.current_mA === null) return;
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
    const more = [(measuredAt_ms / 1000).toFixed(3), ...own, ...known].map((value) => value ?? '');
    fs.writeSync(this.handle, `${[sample, ...more].join(',')}\n`);
    this.rows++;
  }

  close(): void {
    fs.closeSync(this.handle);
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
