/** A mission as data: what power a flight asks of a cell, phase after phase, and how the cell is treated between flights. */
import { choice, number, object, refuseOthers, show, text, type Json, type NumberRow } from '../checkJson';
import { InputError } from '../errors';
import { readJson } from '../readJson';
import evtol from '../../missions/evtol.json';
import multirotor from '../../missions/multirotor.json';

/** `cruise`: its power may be advised, at equal energy and time. `landing`: what must be left at the end. */
const ROLES = ['fixed', 'cruise', 'landing'] as const;
type Role = (typeof ROLES)[number];

export interface MissionPhase {
  name: string;
  role: Role;
  /** Demanded of one cell: a multiple of its nominal capacity times `NOMINAL_V` an hour, or watts. One of them is null. */
  power_C: number | null;
  power_W: number | null;
  duration_s: number;
  /** Range of the power that the vehicle can fly a cruise at, as parts of its planned power; null for other roles. */
  pace: { least: number; most: number } | null;
}

export interface Mission {
  name: string;
  description: string;
  /** In order of flight; the last one is the landing, a cruise stands right before it. */
  phases: MissionPhase[];
  /** Charge to the upper cut-off before each mission, and rest from then to take-off. */
  charge_C: number;
  chargedRest_s: number;
  /** Rest on the ground between landing and charge. */
  groundRest_s: number;
  /** How much longer it may be where the cell shows that this pays; 0: never. */
  recovery_s: number;
}

/** By this voltage a power is given as a C-rate: the usual nominal one of cells with layered oxides. */
export const NOMINAL_V = 3.7;
/** A vehicle's usual range of cruise power: as the reference schedule, 1.25 of the planned power early and 0.75 late. */
const USUAL_PACE = { least: 0.75, most: 1.25 };

const POWER_C: NumberRow = { key: 'power_C', unit: 'C (of nominal capacity times 3.7 V)', min: 0.01, max: 20 };
const POWER_W: NumberRow = { key: 'power_W', unit: 'W (per cell)', min: 1e-6, max: 1e5 };
const DURATION: NumberRow = { key: 'duration_s', unit: 's', min: 1, max: 86400, whole: true };
const LEAST: NumberRow = { key: 'least', unit: '(of planned power)', min: 0.3, max: 1 };
const MOST: NumberRow = { key: 'most', unit: '(of planned power)', min: 1, max: 2 };
const GROUND_ROWS: readonly (NumberRow & { usual: number })[] = [
  { key: 'charge_C', unit: 'C', min: 0.05, max: 2, usual: 0.2 },
  { key: 'chargedRest_s', unit: 's', min: 0, max: 86400, whole: true, usual: 300 },
  { key: 'groundRest_s', unit: 's', min: 0, max: 86400, whole: true, usual: 600 },
  { key: 'recovery_s', unit: 's', min: 0, max: 86400, whole: true, usual: 0 },
];
const FIELDS = ['name', 'description', 'phases', ...GROUND_ROWS.map((row) => row.key)];
const PHASE_FIELDS = ['name', 'role', POWER_C.key, POWER_W.key, DURATION.key, 'pace'];

const EXAMPLES: readonly Json[] = [multirotor, evtol];

/** Names of the missions that come with the program. */
export const missionNames = (): string[] => EXAMPLES.map((mission) => mission.name as string);

/** One of them by name, or the user's own from a `.json` file. @throws InputError naming the field, its value and what is allowed */
export function loadMission(nameOrFile: string): Mission {
  const example = EXAMPLES.find((mission) => mission.name === nameOrFile);
  if (example) return checkMission(example, nameOrFile);
  if (!/\.json$/i.test(nameOrFile))
    throw new InputError(`mission "${nameOrFile}" is unknown; allowed: ${missionNames().join(', ')}, or a FILE.json`);
  return checkMission(readJson(nameOrFile, 'mission file'), nameOrFile);
}

/** From an object of the same form. `where` names it in errors. @throws InputError */
export function checkMission(json: unknown, where: string): Mission {
  const own = object(json, where, 'the mission');
  refuseOthers(own, FIELDS, where);
  if (!Array.isArray(own.phases) || own.phases.length === 0 || own.phases.length > 50)
    throw new InputError(
      `${where}: phases is ${Array.isArray(own.phases) ? `a list of ${own.phases.length}` : show(own.phases)}; allowed: a list of 1 to 50 phases`,
    );
  const phases = own.phases.map((phase, index) => checkPhase(phase, where, `phases[${index}]`));
  checkOrder(phases, where);
  const ground = Object.fromEntries(
    GROUND_ROWS.map((row) => [row.key, number(row.key in own ? own[row.key] : row.usual, row, where)]),
  ) as Pick<Mission, 'charge_C' | 'chargedRest_s' | 'groundRest_s' | 'recovery_s'>;
  return { name: text(own, 'name', where, ''), description: text(own, 'description', where, ''), phases, ...ground };
}

function checkPhase(json: unknown, where: string, at: string): MissionPhase {
  const own = object(json, where, at);
  refuseOthers(own, PHASE_FIELDS, where, `${at}.`);
  const name = text(own, 'name', where, `${at}.`);
  const role = choice({ [`${at}.role`]: own.role ?? 'fixed' }, `${at}.role`, ROLES, where);
  if ((own.power_C === undefined) === (own.power_W === undefined))
    throw new InputError(
      `${where}: ${at} has power_C ${show(own.power_C)} and power_W ${show(own.power_W)}; allowed: one of them`,
    );
  if (own.pace !== undefined && role !== 'cruise')
    throw new InputError(
      `${where}: ${at}.pace is ${show(own.pace)} with role "${role}"; allowed: with role "cruise" only`,
    );
  return {
    name,
    role,
    power_C: own.power_C === undefined ? null : number(own.power_C, POWER_C, where, `${at}.`),
    power_W: own.power_W === undefined ? null : number(own.power_W, POWER_W, where, `${at}.`),
    duration_s: number(own.duration_s, DURATION, where, `${at}.`),
    pace: role === 'cruise' ? checkPace(own.pace, where, `${at}.pace`) : null,
  };
}

function checkPace(json: unknown, where: string, at: string): { least: number; most: number } {
  if (json === undefined) return { ...USUAL_PACE };
  const own = object(json, where, at);
  refuseOthers(own, [LEAST.key, MOST.key], where, `${at}.`);
  return { least: number(own.least, LEAST, where, `${at}.`), most: number(own.most, MOST, where, `${at}.`) };
}

function checkOrder(phases: readonly MissionPhase[], where: string): void {
  phases.forEach(({ role }, index) => {
    const last = index === phases.length - 1;
    if ((role === 'landing') !== last)
      throw new InputError(
        `${where}: phases[${index}].role is "${role}"; allowed: "landing" for the last phase and for no other`,
      );
    if (role === 'cruise' && index !== phases.length - 2)
      throw new InputError(
        `${where}: phases[${index}].role is "cruise"; allowed: for the phase before the landing only`,
      );
  });
}

/** Power of a phase for a cell of this nominal capacity [mW]. */
export const phasePower_mW = (phase: MissionPhase, nominal_mAh: number): number =>
  phase.power_C === null ? 1000 * phase.power_W! : phase.power_C * nominal_mAh * NOMINAL_V;
