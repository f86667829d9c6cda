/** A device in a terminal: what it says now, with its age. */
import { Why, whyText } from '../../firmware/estimate/estimates';
import { faultName } from '../../firmware/protect/names';
import { Switch } from '../../firmware/protect/switches';
import type { Monitored } from './session';
import { STALE_MS, type Estimate, type EstimatesNow, type Measurement } from './telemetry';

const UNKNOWN = '-';
const LABEL_WIDTH = 13;
const WIDEST = 100;

/** Lines no wider than `width` characters. */
export function monitorView(state: Readonly<Monitored>, now_ms: number, width: number): string[] {
  const { version, measurement, estimates } = state;
  const lines = [
    `${state.port}: ${version.board}, firmware ${version.firmware} (${version.build}), Espruino ${version.interpreter}`,
  ];
  if (measurement === undefined) lines.push('waiting for the first measurement');
  else {
    lines.push(ageText(state, now_ms), '', ...measured(measurement));
    if (estimates !== undefined)
      lines.push('', ...estimated(estimates, now_ms - state.estimatedAt_ms, Math.min(width, WIDEST)));
    lines.push(
      '',
      row(
        'device',
        `${number(measurement.free)} JsVars free, longest tick ${number(measurement.worst_ms)} ms, ${state.lost} frames lost`,
      ),
    );
  }
  if (state.events.length > 0) lines.push('', ...state.events);
  return lines.map((line) => line.slice(0, width));
}

/** One measurement in one line, for a pipe. */
export function monitorLine({ measurement: m, estimates }: Readonly<Monitored>, time: Date): string {
  if (m === undefined) return '';
  const eta = estimates === undefined ? UNKNOWN : plusMinus(estimates.EtaConc_mV, 1);
  return [
    time.toISOString(),
    `${scaled(m.voltage_mV, 1000, 3)} V`,
    `${scaled(m.current_mA, 1000, 3)} A`,
    `${scaled(m.temperature_cC, 100, 2)} degC`,
    stateText(m),
    `charge ${limitText(m.charge_pct, m.whyCharge)}`,
    `discharge ${limitText(m.discharge_pct, m.whyDischarge)}`,
    `fault ${faultText(m.fault)}`,
    `eta_conc ${eta} mV`,
  ].join('  ');
}

export function isStale(state: Readonly<Monitored>, now_ms: number): boolean {
  return now_ms - state.measuredAt_ms > STALE_MS;
}

function ageText(state: Readonly<Monitored>, now_ms: number): string {
  const age_s = (now_ms - state.measuredAt_ms) / 1000;
  return isStale(state, now_ms) ? `STALE: nothing came for ${age_s.toFixed(1)} s; below is what was last` : 'live';
}

function measured(m: Measurement): string[] {
  return [
    row('state', `${stateText(m)}, ${number(m.cycle)} cycles finished, step ${number(m.step)} of the protocol`),
    row('voltage', `${scaled(m.voltage_mV, 1000, 3)} V`),
    row('current', `${scaled(m.current_mA, 1000, 3)} A (discharge positive)`),
    row('temperature', `${scaled(m.temperature_cC, 100, 2)} degC`),
    row('charge', limitText(m.charge_pct, m.whyCharge)),
    row('discharge', limitText(m.discharge_pct, m.whyDischarge)),
    row('fault', faultText(m.fault)),
  ];
}

function estimated(estimates: EstimatesNow, age_ms: number, width: number): string[] {
  const stale = age_ms > STALE_MS ? ` (STALE: ${(age_ms / 1000).toFixed(1)} s old)` : '';
  return [
    row('eta_conc', `${withReason(estimates.EtaConc_mV, 1)} mV${stale}`),
    row('eta_fast', `${withReason(estimates.EtaFast_mV, 1)} mV`),
    row('charge left', `${withReason(estimates.StateOfCharge_pct, 1)} %`),
    ...inventory(estimates, width),
  ];
}

/** The lithium outside the cathode as a bar, and in numbers. Residual lithium is a part of the active. */
function inventory(estimates: EstimatesNow, width: number): string[] {
  const { Active_mAh, Residual_mAh, Isolated_mAh, Dead_mAh, Sei_mAh } = estimates;
  const residual = Residual_mAh.value ?? 0;
  const parts: [string, string, number | null][] = [
    ['#', 'active', Active_mAh.value === null ? null : Math.max(0, Active_mAh.value - residual)],
    ['r', 'residual', Residual_mAh.value],
    ['i', 'isolated', Isolated_mAh.value],
    ['d', 'dead', Dead_mAh.value],
    ['s', 'SEI', Sei_mAh.value],
  ];
  if (Active_mAh.value === null) return [row('lithium', `${UNKNOWN} (${whyText(Active_mAh.why)})`)];
  const total = parts.reduce((sum, [, , value]) => sum + Math.max(0, value ?? 0), 0);
  const room = Math.max(10, width - LABEL_WIDTH - 2);
  let drawn = 0;
  let before = 0;
  const bar = parts.map(([mark, , value]) => {
    before += Math.max(0, value ?? 0);
    const to = total > 0 ? Math.round((room * before) / total) : 0;
    const text = mark.repeat(to - drawn);
    drawn = to;
    return text;
  });
  const known: [string, string, Estimate][] = [
    ['#', 'active', Active_mAh],
    ['r', 'of it residual', Residual_mAh],
    ['i', 'isolated', Isolated_mAh],
    ['d', 'dead', Dead_mAh],
    ['s', 'SEI', Sei_mAh],
  ];
  return [
    row('lithium', `[${bar.join('')}]`),
    ...known.map(([mark, name, estimate]) => row('', `${mark} ${name} ${plusMinus(estimate, 2)} mAh`)),
  ];
}

const row = (label: string, text: string): string => `${label.padEnd(LABEL_WIDTH)}${text}`;
const number = (value: number | null): string => (value === null ? UNKNOWN : String(value));
export const scaled = (value: number | null, by: number, digits: number): string =>
  value === null ? UNKNOWN : (value / by).toFixed(digits);
export const faultText = (value: number | null): string => (value === null ? UNKNOWN : faultName(value));

export function stateText(m: Measurement): string {
  return m.switches === null ? UNKNOWN : (Switch[m.switches] ?? `state ${m.switches}`).toLowerCase();
}

function limitText(share_pct: number | null, why: number | null): string {
  if (share_pct === null) return UNKNOWN;
  return `${share_pct} % of the current allowed${why === null || why === 0 ? '' : `: ${faultName(why)}`}`;
}

export function plusMinus({ value, sigma }: Estimate, digits: number): string {
  if (value === null) return UNKNOWN;
  return sigma === null ? value.toFixed(digits) : `${value.toFixed(digits)} +- ${sigma.toFixed(digits)}`;
}

function withReason(estimate: Estimate, digits: number): string {
  const text = plusMinus(estimate, digits);
  return estimate.why === Why.Valid ? text : `${text} (${whyText(estimate.why)})`;
}
