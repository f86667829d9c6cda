/**
 * Runs one case: the firmware on simulated chips cycles a cell that is not the one it was told of, and at every tick what it
 * publishes is set beside what the cell is.
 */
import { Estimated, Why } from '../../../firmware/estimate/estimates';
import { StepKind } from '../../../firmware/protocol/step';
import { CYCLER } from '../../../hal/boards/cycler';
import { ChannelRun } from '../../campaign/channelRun';
import type { Observation } from '../../campaign/cyclingRun';
import { mismatched } from '../../profiles/mismatch';
import { type CellProfile, loadProfile } from '../../profiles/profile';
import { drawSpecimen } from './specimen';
import { CHARGE_C, LEAST_CAPACITY, OCV_ERROR_MV, SLOW_STRIP_EVERY, type StudyCase } from './studyCase';
import { addError, addRefusal, type ErrorSums, noErrors } from './sums';

/** eta_conc over the seconds of discharges [mV]. */
interface EtaConcErrors {
  /** Outside the knee. */
  plateau: ErrorSums;
  /** Inside, where the estimate ought to be refused. */
  knee: ErrorSums;
}

/** Amounts after a main discharge [mAh/cm2]. */
export const QUANTITIES = ['lambda', 'active', 'residual', 'isolated', 'dead', 'sei', 'cathode'] as const;
export type Quantity = (typeof QUANTITIES)[number];
type Inventory = Record<Quantity, number>;
type InventoryErrors = Record<Quantity, ErrorSums>;

/** Cycles of a run that are looked at together. */
export const SPANS = [
  { name: '1', from: 1, to: 1 },
  { name: '2-10', from: 2, to: 10 },
  { name: '11-40', from: 11, to: 40 },
  { name: '41-50', from: 41, to: 50 },
  { name: '51-90', from: 51, to: 90 },
  { name: '91-100', from: 91, to: 100 },
] as const;
export type Span = (typeof SPANS)[number]['name'];

export interface SpanErrors {
  etaConc: EtaConcErrors;
  inventory: InventoryErrors;
  /** Limiting current at the cycle's end, relative to the truth. */
  limit: ErrorSums;
}

export interface CaseResult {
  studyCase: StudyCase;
  /** After formation. */
  cycles: number;
  /** First and last discharge, as shares of the nominal capacity. */
  first: number;
  last: number;
  /** Share of its capacity that the cathode has lost. */
  cathodeLost: number;
  /** Why it ended before its time; null: it did not. */
  ended: string | null;
  spans: Partial<Record<Span, SpanErrors>>;
}

/** For pictures: called at every tick of the discharges, and after every cycle. */
export interface Watch {
  onSecond?: (cycle: number, discharged_mAh: number, truth_mV: number, estimate_mV: number, sigma_mV: number) => void;
  onCycle?: (cycle: number, truth: Inventory, estimate: Inventory | null, sigma: Inventory) => void;
}

/** Above this saturation the discharge has come to its knee; for both plants. */
const KNEE_SATURATION = 0.85;
/** Wall time between two looks at whether a cycle is done [ms]. */
const PATIENCE_MS = 1000;
/** A legal pace that costs a tenth: a tick a second on plateaus. */
const PERIOD_MS = 1000;
/** Every cell has the size that the reference board is made for: its offsets are then those of its size, and all else is per area. */
const BOARD_MAH = 1000;
const SHUNT_V_PER_MA = CYCLER.ina228.shunt_uOhm * 1e-9;

const KNOWN: Record<Quantity, Estimated> = {
  lambda: Estimated.Lambda_mAh,
  active: Estimated.Active_mAh,
  residual: Estimated.Residual_mAh,
  isolated: Estimated.Isolated_mAh,
  dead: Estimated.Dead_mAh,
  sei: Estimated.Sei_mAh,
  cathode: Estimated.Cathode_mAh,
};

export function runCase(own: StudyCase, watch: Watch = {}): CaseResult {
  const spans: CaseResult['spans'] = {};
  let now = spanAt(spans, 1);
  let cycle = 1;
  let last_ms = 0;
  let discharged_mAh = 0;
  const run = startRun(own, (now_ms) => {
    const dt_s = (now_ms - last_ms) / 1000;
    last_ms = now_ms;
    const { bms, channel } = run;
    if (bms.run.index < mainFrom || bms.run.steps[bms.run.index]?.kind !== StepKind.Discharge) return;
    if (channel.current_A <= 0) return;
    const { value, sigma, why } = bms.estimator!.known;
    const truth_mV = 1000 * channel.cell.etaConc_V;
    const { plateau, knee } = now.etaConc;
    const sums = channel.cell.saturation <= KNEE_SATURATION ? plateau : knee;
    const valid = why[Estimated.EtaConc_mV] === Why.Valid;
    const [estimate_mV, sigma_mV] = [value[Estimated.EtaConc_mV]!, sigma[Estimated.EtaConc_mV]!];
    if (valid) addError(sums, estimate_mV, sigma_mV, truth_mV, dt_s);
    else addRefusal(sums, truth_mV, dt_s);
    if (!watch.onSecond) return;
    discharged_mAh = discharged_mAh + (channel.current_A * dt_s) / 3.6;
    watch.onSecond(cycle, discharged_mAh, truth_mV, valid ? estimate_mV : NaN, sigma_mV);
  });
  const mainFrom = run.bms.run.steps.findIndex((step) => step.kind === StepKind.Repeat) + 1;

  const { cell } = run.channel;
  const nominal_mAh = cell.nominal_mAh_cm2 * cell.area_cm2;
  const shares: number[] = [];
  let ended: string | null = null;
  while (cycle <= own.cycles && ended === null) {
    const seen = run.advance(PATIENCE_MS);
    if (seen === undefined) {
      ended = run.stopped ?? null;
      continue;
    }
    compareCycle(run, seen, now, watch, cycle);
    const share = seen.discharge_mAh / nominal_mAh;
    shares.push(share);
    if (share < LEAST_CAPACITY) ended = `cycle ${cycle} gave ${(100 * share).toFixed(0)} % of the nominal capacity`;
    cycle++;
    discharged_mAh = 0;
    now = spanAt(spans, cycle);
  }
  return {
    studyCase: own,
    cycles: shares.length,
    first: shares[0] ?? 0,
    last: shares.at(-1) ?? 0,
    cathodeLost: 1 - cell.cathodeCapacity_mAh_cm2 / cell.profile.parameters.Qcat,
    ended,
    spans,
  };
}

/** The cell keeps its system's parameters but for its own open-circuit curve; what the firmware believes is drawn. */
function profilesOf(own: StudyCase): { truth: CellProfile; believed: CellProfile } {
  const loaded = loadProfile(own.cell);
  const profile = { ...loaded, area_cm2: BOARD_MAH / loaded.parameters.Qn };
  const believed = mismatched(profile, own.spread, own.seed, OCV_ERROR_MV);
  const parameters = { ...profile.parameters, kcat: own.cathodeFade };
  return { truth: { ...profile, parameters, ...(believed.ocvError && { ocvError: believed.ocvError }) }, believed };
}

function startRun(own: StudyCase, onTick: (now_ms: number) => void): ChannelRun {
  const { truth, believed } = profilesOf(own);
  const offset_V = own.offset_mA_Ah === null ? null : own.offset_mA_Ah * (BOARD_MAH / 1000) * SHUNT_V_PER_MA;
  const { ina228, thermistor_C } = drawSpecimen(own.seed, offset_V);
  const { rate_C, plant, seed, temperature_C, interrupts } = own;
  const options = { charge_C: CHARGE_C, discharge_C: rate_C, cycles: 0, sampleEvery_s: Infinity };
  const diagnostics = { interrupts, slowStripEvery: SLOW_STRIP_EVERY };
  const run = new ChannelRun(
    truth,
    { ...options, ...diagnostics, temperature_C, plant, seed, onTick, ina228 },
    believed,
  );
  run.channel.sensorTemperature_C = temperature_C + thermistor_C;
  run.bms.config.pace.period_ms = PERIOD_MS;
  return run;
}

function spanAt(spans: CaseResult['spans'], cycle: number): SpanErrors {
  const { name } = SPANS.find(({ from, to }) => cycle >= from && cycle <= to) ?? SPANS.at(-1)!;
  return (spans[name] ??= {
    etaConc: { plateau: noErrors(), knee: noErrors() },
    inventory: Object.fromEntries(QUANTITIES.map((quantity) => [quantity, noErrors()])) as InventoryErrors,
    limit: noErrors(),
  });
}

/** After a cycle: what the firmware says of the lithium, beside what was so at the end of the main discharge. */
function compareCycle(run: ChannelRun, seen: Observation, now: SpanErrors, watch: Watch, cycle: number): void {
  const { cell } = run.channel;
  const { value, sigma, why } = run.bms.estimator!.known;
  const area = cell.area_cm2;
  const { active, residual, isolated, dead, sei } = seen.lithium_mAh;
  const lambda = active + isolated + dead + sei;
  const cathode = cell.cathodeCapacity_mAh_cm2 * area;
  const truth: Inventory = { lambda, active, residual, isolated, dead, sei, cathode };
  const estimate = {} as Inventory;
  const spread = {} as Inventory;
  for (const quantity of QUANTITIES) {
    const known = KNOWN[quantity];
    truth[quantity] /= area;
    estimate[quantity] = value[known]! / area;
    spread[quantity] = sigma[known]! / area;
    const sums = now.inventory[quantity];
    if (why[known] === Why.Valid) addError(sums, estimate[quantity], spread[quantity], truth[quantity]);
    else addRefusal(sums, truth[quantity]);
  }
  watch.onCycle?.(cycle, truth, why[KNOWN.lambda] === Why.Valid ? estimate : null, spread);
  const limit_mA = cell.limitingCurrent_mA_cm2 * area;
  const known = Estimated.LimitingCurrent_mA;
  if (why[known] === Why.Valid) addError(now.limit, value[known]! / limit_mA, sigma[known]! / limit_mA, 1);
}
