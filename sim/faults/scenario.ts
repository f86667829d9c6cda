/** A scenario of the fault campaign: plain data, so that it can be drawn, kept in a file, made smaller and run again anywhere. */
import { choice, number, object, show, type Json } from '../checkJson';
import { InputError } from '../errors';
import { readJson } from '../readJson';

/** What the channel does when something happens. */
const STATES = ['rest', 'charge', 'discharge', 'hold', 'end of charge', 'knee', 'mission', 'cycling'] as const;
export type StateKind = (typeof STATES)[number];

export interface CellChoice {
  /** Name of a profile, or a file. */
  profile: string;
  /** 0: as the profile has it; else a cell drawn with this seed. */
  draw: number;
  /** Cycles it has done, at 0.2C up and 1C down; fewer where it came to 80 % of its capacity before. */
  cycles: number;
}

export interface State {
  kind: StateKind;
  /** Of the current, from 0.05C to 3C; at rest of what the configuration is for. */
  rate_C: number;
  temperature_C: number;
  /** How full the cell is, of what it takes, 0 to 1; where the state does not say itself. */
  fill: number;
}

/** Something goes wrong. */
export interface Injected {
  /** Name of an injection (injections/). */
  kind: string;
  /** How much, in the unit of the injection. */
  size: number;
  /** Whether the firmware must find it, or must not be disturbed by it. */
  must: 'be found' | 'not trip';
  at_ms: number;
  /** After this it is gone again, and the way back to service is tried. */
  for_ms: number;
}

/** `tick`: the firmware's tick alone, in this process; `device`: the bundle that is flashed, on a simulated controller. */
const TARGETS = ['tick', 'device'] as const;
type Target = (typeof TARGETS)[number];

/** A cycler channel; a drone pack on the ground; the same in flight, where it warns and cuts for little. */
const BOARDS = ['cycler', 'pack', 'flight'] as const;
export type BoardKind = (typeof BOARDS)[number];

export interface Scenario {
  board: BoardKind;
  target: Target;
  /** Of all noise. */
  seed: number;
  cell: CellChoice;
  state: State;
  /** Errors of the sensors: 0 as typical parts, 1 at the limits of their datasheets. */
  sensorErrors: number;
  /** How long nothing happens, without an injection. */
  length_ms: number;
  /** null: nothing goes wrong, and nothing may trip. */
  injected: Injected | null;
}

const NUMBERS = {
  seed: { unit: '', min: 0, max: 2 ** 32 - 1, whole: true },
  draw: { unit: '', min: 0, max: 2 ** 32 - 1, whole: true },
  cycles: { unit: 'cycles', min: 0, max: 1000, whole: true },
  rate_C: { unit: 'C', min: 0.05, max: 3 },
  temperature_C: { unit: 'degC', min: -20, max: 60 },
  fill: { unit: '', min: 0, max: 1 },
  sensorErrors: { unit: '', min: 0, max: 1 },
  length_ms: { unit: 'ms', min: 0, max: 1e8 },
  size: { unit: '', min: -1e9, max: 1e9 },
  at_ms: { unit: 'ms', min: 0, max: 1e8 },
  for_ms: { unit: 'ms', min: 0, max: 1e8 },
} as const;

/** Reads a scenario file. @throws InputError naming the field and what is allowed */
export function loadScenario(file: string): Scenario {
  return checkScenario(readJson(file, 'scenario file'), file);
}

/** From an object of the same form; what the file has beside a scenario is left alone. @throws InputError */
export function checkScenario(json: unknown, where: string): Scenario {
  const own = object(json, where, 'the scenario');
  const cell = object(own.cell, where, 'cell');
  const state = object(own.state, where, 'state');
  const take = (from: Json, key: keyof typeof NUMBERS): number => number(from[key], { key, ...NUMBERS[key] }, where);
  if (typeof cell.profile !== 'string')
    throw new InputError(`${where}: cell.profile is ${show(cell.profile)}; allowed: the name of a cell profile`);
  return {
    board: choice(own, 'board', BOARDS, where),
    target: choice(own, 'target', TARGETS, where),
    seed: take(own, 'seed'),
    cell: { profile: cell.profile, draw: take(cell, 'draw'), cycles: take(cell, 'cycles') },
    state: {
      kind: choice(state, 'kind', STATES, where),
      rate_C: take(state, 'rate_C'),
      temperature_C: take(state, 'temperature_C'),
      fill: take(state, 'fill'),
    },
    sensorErrors: take(own, 'sensorErrors'),
    length_ms: take(own, 'length_ms'),
    injected: own.injected === null ? null : checkInjected(object(own.injected, where, 'injected'), where, take),
  };
}

function checkInjected(own: Json, where: string, take: (from: Json, key: keyof typeof NUMBERS) => number): Injected {
  if (typeof own.kind !== 'string')
    throw new InputError(`${where}: injected.kind is ${show(own.kind)}; allowed: the name of an injection`);
  return {
    kind: own.kind,
    size: take(own, 'size'),
    must: choice(own, 'must', ['be found', 'not trip'] as const, where),
    at_ms: take(own, 'at_ms'),
    for_ms: take(own, 'for_ms'),
  };
}
