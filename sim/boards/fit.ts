/** What must fit together on a product beyond each field's own range: pins, shunt, cell, fuse, protocol. */
import { StepKind, type ProtocolStep } from '../../firmware/protocol/protocol';
import { ina228ShuntCal } from '../../hal/chips/ina228Open';
import type { Json } from '../checkJson';
import { whyNot, type Use } from './esp32';
import type { CyclerProduct, PackProduct, Product } from './product';

/** How far the limits may stand outside the voltages that the cell's profile is made for [mV]. */
const ABOVE_MV = 100;
const BELOW_MV = 600;
/** A fuse that is to hold for ever carries at most three quarters of its rating. */
const FUSE_SHARE = 0.75;
/** Reference of the MCP4725: its supply. */
const DAC_V = 3.3;

/** The front end's own switch, and that it drains 6 sevenths of the time. */
const BALANCE_SWITCH_OHM = 28;
const BALANCE_SHARE = 7 / 6;

type Row = [key: string, unit: string, min: number, max: number, whole: boolean];
const CYCLING_ROWS: readonly Row[] = [
  ['formationCycles', '', 0, 100, true],
  ['formation_mA', 'mA', 0.01, 1e5, false],
  ['formationRest_ms', 'ms', 0, 1e9, false],
  ['charge_mA', 'mA', 0.01, 1e5, false],
  ['discharge_mA', 'mA', 0.01, 1e5, false],
  ['rest_ms', 'ms', 0, 1e9, false],
  ['chargeTo_mV', 'mV', 500, 5000, false],
  ['dischargeTo_mV', 'mV', 500, 5000, false],
  ['cycles', '', 0, 1e5, true],
  ['interrupts', '', 0, 20, true],
  ['slowStripEvery', '', 0, 1000, true],
  ['slowStrip_mA', 'mA', 0, 1e5, false],
  ['slowStripRest_ms', 'ms', 0, 1e9, false],
  ['fullPulseEvery', '', 0, 1000, true],
  ['holdTo_mA', 'mA', 0, 1e5, false],
  ['hold_ms', 'ms', 0, 1e9, false],
  ['tail_mA', 'mA', 0, 1e5, false],
  ['checkupEvery', '', 0, 1000, true],
  ['checkup_mA', 'mA', 0, 1e5, false],
];

const CHARGES = ['formation_mA', 'charge_mA'];
const DISCHARGES = ['formation_mA', 'discharge_mA', 'slowStrip_mA', 'tail_mA', 'checkup_mA'];

/** The numbers of a standard protocol. */
export function cyclingProblems({ protocol }: Json): string[] {
  if (typeof protocol !== 'object' || protocol === null) return ['protocol is missing; allowed: an object or a list'];
  const own = protocol as Json;
  const problems: string[] = [];
  for (const [key, unit, min, max, whole] of CYCLING_ROWS) {
    const value = own[key];
    const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
    if (!fits)
      problems.push(line(`protocol.${key}`, value, unit, `${whole ? 'a whole number, ' : ''}${min} to ${max}`));
  }
  return problems;
}

/** Of a channel whose fields are each in range. */
export function channelProblems(product: CyclerProduct): string[] {
  const { config, parts, file } = product;
  const { board, limits } = config;
  const problems = [...cellProblems(product), ...partProblems(product)];
  const most = (field: string, value: number, limit: number, unit: string, what: string): void => {
    if (value > limit) problems.push(line(field, value, unit, `at most ${round(limit)} ${unit}, ${what}`));
  };
  try {
    ina228ShuntCal(board.ina228);
  } catch (error) {
    problems.push(`board.ina228.maxCurrent_mA is ${board.ina228.maxCurrent_mA} mA; ${(error as Error).message}`);
  }
  most(
    'board.dac.fullScale_mA',
    board.dac.fullScale_mA,
    board.ina228.maxCurrent_mA,
    'mA',
    'board.ina228.maxCurrent_mA',
  );
  const [charge_mA, discharge_mA] = [limits.lastingCharge_mA, limits.lastingDischarge_mA].map((lasting_mA) =>
    Math.min(lasting_mA, board.dac.fullScale_mA),
  ) as [number, number];
  const what = 'what may flow for ever and the set-point can say';
  const own = Array.isArray(file.protocol) ? undefined : (file.protocol as Record<string, number> | null);
  for (const key of CHARGES) most(`protocol.${key}`, own?.[key] ?? 0, charge_mA, 'mA', `${what} (charge)`);
  for (const key of DISCHARGES) most(`protocol.${key}`, own?.[key] ?? 0, discharge_mA, 'mA', `${what} (discharge)`);
  config.protocol.forEach((step, k) => {
    const discharges = step.kind === StepKind.Discharge || step.kind === StepKind.SlowStrip;
    if (!own) {
      const field = `protocol[${k}].current_mA`;
      if (step.kind === StepKind.Charge) most(field, step.current_mA, charge_mA, 'mA', `${what} (charge)`);
      if (discharges) most(field, step.current_mA, discharge_mA, 'mA', `${what} (discharge)`);
      if (step.kind === StepKind.Charge && step.until_mV === 0)
        problems.push(`protocol[${k}].until_mV is 0 mV; allowed: a charge ends at a voltage`);
    }
    if (board.relay === undefined) return;
    if (step.kind === StepKind.Hold || step.kind === StepKind.Power)
      problems.push(
        `${own ? 'protocol.holdTo_mA' : `protocol[${k}].kind`} is a current that moves all the time; ` +
          'allowed with board.relay: constant currents, each change of which lets go of the relay for a moment',
      );
    if (discharges && restBefore_ms(config.protocol, k) < board.relay.time_ms)
      problems.push(
        `${own ? 'protocol.rest_ms' : `protocol[${k}]`} is a discharge right behind a charge; allowed with ` +
          `board.relay: a rest of at least ${board.relay.time_ms} ms between, for one relay to open before the other closes`,
      );
  });
  // What the divider behind the DAC gives at full scale is what the sense resistors have at full scale.
  const divided_V = (DAC_V * parts.setPointLower_ohm) / (parts.setPointUpper_ohm + parts.setPointLower_ohm);
  const full_mA = (divided_V / parts.sense_ohm) * 1000;
  if (Math.abs(full_mA / board.dac.fullScale_mA - 1) > 0.03)
    problems.push(
      line(
        'board.dac.fullScale_mA',
        board.dac.fullScale_mA,
        'mA',
        `${round(full_mA)} mA, as parts.sense_ohm and the set-point's divider make it (3 %)`,
      ),
    );
  return unique(problems);
}

/** How long nothing flows between a charge and step `k`; where none is before it, for ever. */
function restBefore_ms(protocol: readonly ProtocolStep[], k: number): number {
  let rest_ms = 0;
  for (let before = k - 1; before >= 0; before--) {
    const step = protocol[before]!;
    if (step.kind === StepKind.Charge) return rest_ms;
    if (step.kind !== StepKind.Rest) return Infinity;
    rest_ms += Math.max(0, step.time_ms);
  }
  return Infinity;
}

/** Of a pack whose fields are each in range. */
export function packFitProblems(product: PackProduct): string[] {
  const { config, parts } = product;
  const { board, mavlink } = config;
  const problems = [...cellProblems(product), ...partProblems(product)];
  if (mavlink?.uart === 'Serial1')
    problems.push("mavlink.uart is Serial1, the UART of the interpreter's console; allowed: Serial2");
  const cutOff_mV = 1000 * product.cell.chargeCutoff_V;
  if (config.chargeTo_mV > cutOff_mV)
    problems.push(line('chargeTo_mV', config.chargeTo_mV, 'mV', `at most ${cutOff_mV} mV, the cell's charge cut-off`));
  const balance_ohm = (2 * parts.inputResistor_ohm + BALANCE_SWITCH_OHM) * BALANCE_SHARE;
  if (Math.abs(balance_ohm / board.balance_ohm - 1) > 0.1)
    problems.push(
      line(
        'board.balance_ohm',
        board.balance_ohm,
        'ohm',
        `${round(balance_ohm)} ohm, as parts.inputResistor_ohm makes it (10 %)`,
      ),
    );
  const filled_ms = -parts.precharge_ohm * parts.load_uF * 1e-3 * Math.log(1 - board.precharge.full_pct / 100);
  if (filled_ms > board.precharge.longest_ms)
    problems.push(
      line(
        'board.precharge.longest_ms',
        board.precharge.longest_ms,
        'ms',
        `at least ${Math.ceil(filled_ms)} ms, in which parts.precharge_ohm fills parts.load_uF to ${board.precharge.full_pct} %`,
      ),
    );
  return problems;
}

/** What each pin is used for, against what it can do. Anything may be missing. */
export function pinProblems({ board, mavlink }: Json): string[] {
  const { pins, i2c } = (board ?? {}) as { pins?: Json; i2c?: Json };
  const uses: [field: string, pin: unknown, use: Use][] = [
    ['board.pins.charge', pins?.charge, 'output'],
    ['board.pins.discharge', pins?.discharge, 'output'],
    ['board.pins.precharge', pins?.precharge, 'output'],
    ['board.pins.alert', pins?.alert, 'input'],
    ['board.pins.cellAdc', pins?.cellAdc, 'analogue'],
    ['board.pins.thermistorAdc', pins?.thermistorAdc, 'analogue'],
    ['board.i2c.sda', i2c?.sda, 'bus'],
    ['board.i2c.scl', i2c?.scl, 'bus'],
    ['mavlink.rx', (mavlink as Json | undefined)?.rx, 'input'],
    ['mavlink.tx', (mavlink as Json | undefined)?.tx, 'output'],
  ];
  return uses.flatMap(([field, pin, use]) => {
    const why = typeof pin === 'string' ? whyNot(pin, use) : undefined;
    return why === undefined ? [] : [`${field} is ${String(pin)}, which ${why}`];
  });
}

function cellProblems({ cell, config, file, kind }: Product): string[] {
  const { limits } = config;
  const [charge_mV, discharge_mV] = [1000 * cell.chargeCutoff_V, 1000 * cell.dischargeCutoff_V];
  const problems: string[] = [];
  const within = (field: string, value: number, min: number, max: number): void => {
    if (!(value >= min && value <= max))
      problems.push(line(field, value, 'mV', `${min} to ${max} mV for the cell ${cell.name}`));
  };
  within('limits.overVoltage_mV', limits.overVoltage_mV, charge_mV, charge_mV + ABOVE_MV);
  within('limits.underVoltage_mV', limits.underVoltage_mV, discharge_mV - BELOW_MV, discharge_mV);
  if (kind === 'cycler' && !Array.isArray(file.protocol) && typeof file.protocol === 'object' && file.protocol) {
    const { chargeTo_mV, dischargeTo_mV } = file.protocol as Record<string, number>;
    within('protocol.chargeTo_mV', chargeTo_mV!, discharge_mV, charge_mV);
    within('protocol.dischargeTo_mV', dischargeTo_mV!, discharge_mV, Math.min(charge_mV, chargeTo_mV!));
  }
  return problems;
}

/** Values that a builder can buy, and a fuse that holds. */
function partProblems({ config, parts }: Product): string[] {
  const problems = Object.entries(parts)
    .filter(([, value]) => typeof value === 'number' && !(value > 0))
    .map(([key, value]) => line(`parts.${key}`, value, '', 'above 0'));
  const largest_mA = Math.max(config.limits.lastingCharge_mA, config.limits.lastingDischarge_mA);
  const least_A = largest_mA / 1000 / FUSE_SHARE;
  if (parts.fuse_A < least_A)
    problems.push(
      line(
        'parts.fuse_A',
        parts.fuse_A,
        'A',
        `at least ${round(least_A)} A, to carry ${round(largest_mA)} mA for ever`,
      ),
    );
  return problems;
}

const line = (field: string, value: unknown, unit: string, allowed: string): string =>
  `${field} is ${typeof value === 'number' ? `${value}${unit && ` ${unit}`}` : value === undefined ? 'missing' : JSON.stringify(value)}; allowed: ${allowed}${unit && !allowed.includes(unit) ? ` ${unit}` : ''}`;

const round = (value: number): number => Number(Number(value).toPrecision(3));
const unique = (lines: readonly string[]): string[] => [...new Set(lines)];
