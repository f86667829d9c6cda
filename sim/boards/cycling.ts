/** A channel's protocol, the standard one by its numbers or a list of steps: each number, and what bounds it. */
import { StepKind, type ProtocolStep } from '../../firmware/protocol/step';
import type { CellProfile } from '../profiles/profile';
import type { Bound, Findings } from './findings';

type Row = [key: string, unit: string, min: number, max: number, whole: boolean];
export const CYCLING_ROWS: readonly Row[] = [
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
const CHARGES = ['protocol.formation_mA', 'protocol.charge_mA'];
const DISCHARGES = [
  'protocol.formation_mA',
  'protocol.discharge_mA',
  'protocol.slowStrip_mA',
  'protocol.tail_mA',
  'protocol.checkup_mA',
];
const STEERED = 'steer.fastest_mA';

/** What may flow, by the name of each current that is wished for. */
type Currents = (field: string) => Bound[];

/** Between which a cell is cycled. */
export const cutOffsOf = (cell: CellProfile): Bound[] => [
  ['least', 1000 * cell.dischargeCutoff_V, `for the cell ${cell.name}`],
  ['most', 1000 * cell.chargeCutoff_V, `for the cell ${cell.name}`],
];

/** The numbers of a standard protocol. */
export function cyclingFit(findings: Findings, cell: CellProfile | undefined): void {
  const may = currents(findings, CHARGES, DISCHARGES);
  for (const [key, unit, min, max, whole] of CYCLING_ROWS) {
    const own: Bound[] = [
      ['least', min, ''],
      ['most', max, ''],
    ];
    findings.range(`protocol.${key}`, unit, [...own, ...may(`protocol.${key}`), ...others(findings, key, cell)], whole);
  }
}

/** What else bounds a number: the cell, the relays, another number of the protocol before it. */
function others(findings: Findings, key: string, cell: CellProfile | undefined): Bound[] {
  const n = (field: string): number => findings.number(field);
  const relay_ms = n('board.relay.time_ms');
  const ofCell = cell ? cutOffsOf(cell) : [];
  const rest: Bound = ['least', relay_ms, 'for one board.relay to open before the other closes'];
  // Without a current they would never end.
  const some = (every: string): Bound[] => (n(every) > 0 ? [['least', 0.01, `with ${every}`]] : []);
  switch (key) {
    case 'chargeTo_mV':
      return ofCell;
    case 'dischargeTo_mV':
      return [...ofCell, ['most', n('protocol.chargeTo_mV'), 'protocol.chargeTo_mV']];
    case 'rest_ms':
      return [rest];
    case 'formationRest_ms':
      return n('protocol.formationCycles') > 0 ? [rest] : [];
    case 'holdTo_mA':
      return relay_ms > 0 ? [['most', 0, 'with board.relay, which lets go at each change of a current']] : [];
    case 'slowStrip_mA':
      return some('protocol.slowStripEvery');
    case 'checkup_mA':
      return some('protocol.checkupEvery');
    default:
      return [];
  }
}

/** The steps of a protocol that the file lists. */
export function stepsFit(findings: Findings, steps: readonly ProtocolStep[]): void {
  const names = (of: (step: ProtocolStep) => boolean): string[] =>
    steps.flatMap((step, k) => (of(step) ? [`protocol[${k}].current_mA`] : []));
  const charges = names(({ kind }) => kind === StepKind.Charge);
  const discharges = names(isDischarge);
  const may = currents(findings, charges, discharges);
  for (const field of [...charges, ...discharges])
    findings.range(field, 'mA', [['least', 0.01, ''], ['most', 1e5, ''], ...may(field)]);
  const relay_ms = findings.number('board.relay.time_ms');
  steps.forEach((step, k) => {
    const where = `protocol[${k}]`;
    if (!findings.isSound(`${where}.kind`)) return;
    if (step.kind === StepKind.Charge && step.until_mV === 0)
      findings.range(`${where}.until_mV`, 'mV', [
        ['least', findings.number('limits.underVoltage_mV'), 'at which a charge ends'],
        ['most', findings.number('limits.overVoltage_mV'), ''],
      ]);
    if ((isDischarge(step) || step.kind === StepKind.Power) && step.until_mV === 0)
      findings.range(`${where}.time_ms`, 'ms', [['least', 1, `or a cut-off ${where}.until_mV: it would never end`]]);
    if (!(relay_ms > 0)) return;
    if (step.kind === StepKind.Hold || step.kind === StepKind.Power)
      findings.lines.push(
        `${where}.kind is a current that moves all the time; ` +
          'allowed with board.relay: constant currents, each change of which lets go of the relay for a moment',
      );
    if (isDischarge(step) && restBefore_ms(steps, k) < relay_ms)
      findings.lines.push(
        `${where} is a discharge right behind a charge; allowed with ` +
          `board.relay: a rest of at least ${relay_ms} ms between, for one relay to open before the other closes`,
      );
  });
}

const isDischarge = ({ kind }: ProtocolStep): boolean => kind === StepKind.Discharge || kind === StepKind.SlowStrip;

/** What may flow for ever, and the set-point can say. Where much more is wished for, that limit is wrong, not each of the wishes. */
function currents(findings: Findings, charges: readonly string[], discharges: readonly string[]): Currents {
  const asked = (fields: readonly string[]): Record<string, number> =>
    Object.fromEntries(fields.map((field) => [field, findings.number(field)]));
  const drawn = [...discharges, STEERED];
  findings.gives('limits.lastingCharge_mA', 'mA', asked(charges));
  findings.gives('limits.lastingDischarge_mA', 'mA', asked(drawn));
  findings.gives('board.dac.fullScale_mA', 'mA', asked([...charges, ...drawn]));
  const most = (limit: string): Bound => ['most', findings.number(limit), limit];
  const may: Currents = (field) => [
    ...(charges.includes(field) ? [most('limits.lastingCharge_mA')] : []),
    ...(drawn.includes(field) ? [most('limits.lastingDischarge_mA')] : []),
    ...(charges.includes(field) || drawn.includes(field) ? [most('board.dac.fullScale_mA')] : []),
  ];
  if (findings.number(STEERED) > 0) findings.range(STEERED, 'mA', may(STEERED));
  return may;
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
