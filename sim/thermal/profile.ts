/**
 * Thermal profiles: the heat capacity and the three reactions of a cell, as data. Built-in ones stand beside this file; a
 * user's own JSON file has the same form.
 */
import { number, object, refuseOthers, text, type Json } from '../checkJson';
import { InputError } from '../errors';
import { BASES, type Basis } from '../profiles/terms';
import { readJson } from '../readJson';
import { REACTIONS, THERMAL_ROWS, type Reaction } from './parameters';
import routine from './routine.json';
import triSalt from './tri-salt.json';

/** The three temperatures of an accelerating rate calorimeter (ARC); definitions in `arc.ts`. */
export interface ArcTemperatures {
  onset_C: number;
  triggering_C: number;
  max_C: number;
}

export interface ThermalProfile {
  name: string;
  title: string;
  source: string;
  /** What the source measured; null when a user's cell has not been in a calorimeter. */
  measured: ArcTemperatures | null;
  heatCapacity_J_cm2_K: number;
  /** In the order of `REACTIONS`. */
  reactions: readonly Reaction[];
  /** By key of `THERMAL_ROWS`. */
  basis: Record<string, Basis>;
}

const BUILT_IN: readonly Json[] = [routine, triSalt];
const FIELDS = ['name', 'title', 'source', 'measured', 'parameters'];
const MEASURED_ROWS = ['onset_C', 'triggering_C', 'max_C'].map((key) => ({ key, unit: 'degC', min: -50, max: 3000 }));

/** Names of the built-in thermal profiles. */
export const thermalProfileNames = (): string[] => BUILT_IN.map((profile) => profile.name as string);

/** A built-in thermal profile by name, or the user's own from a `.json` file. @throws InputError */
export function loadThermalProfile(nameOrFile: string): ThermalProfile {
  const builtIn = BUILT_IN.find((profile) => profile.name === nameOrFile);
  if (builtIn) return checkThermalProfile(builtIn, nameOrFile);
  if (!/\.json$/i.test(nameOrFile))
    throw new InputError(
      `thermal profile "${nameOrFile}" is unknown; allowed: ${thermalProfileNames().join(', ')}, or a FILE.json`,
    );
  return checkThermalProfile(readJson(nameOrFile, 'thermal profile'), nameOrFile);
}

/** Validates a thermal profile as a whole. `where` names it in errors. @throws InputError */
export function checkThermalProfile(json: unknown, where: string): ThermalProfile {
  const own = object(json, where, 'the profile');
  refuseOthers(own, FIELDS, where);
  const { value, basis } = checkParameters(own.parameters, where);
  return {
    name: text(own, 'name', where),
    title: text(own, 'title', where),
    source: text(own, 'source', where),
    measured: own.measured === undefined ? null : checkMeasured(own.measured, where),
    heatCapacity_J_cm2_K: value('heatCapacity_J_cm2_K'),
    reactions: REACTIONS.map(({ name, reference_C }) => ({
      activation_J_mol: value(`${name}Activation_J_mol`),
      rate_per_s: value(`${name}Rate_per_s`),
      reference_K: reference_C + 273.15,
      rise_K: value(`${name}Rise_K`),
    })),
    basis,
  };
}

function checkMeasured(json: unknown, where: string): ArcTemperatures {
  const own = object(json, where, 'measured');
  refuseOthers(own, keys(MEASURED_ROWS), where, 'measured.');
  const [onset_C, triggering_C, max_C] = MEASURED_ROWS.map((row) => number(own[row.key], row, where)) as [
    number,
    number,
    number,
  ];
  if (!(onset_C <= triggering_C && triggering_C <= max_C))
    throw new InputError(
      `${where}: onset_C, triggering_C, max_C are ${onset_C}, ${triggering_C}, ${max_C} degC; allowed: in ascending order`,
    );
  return { onset_C, triggering_C, max_C };
}

function checkParameters(json: unknown, where: string) {
  const values: Record<string, number> = {};
  const basis: Record<string, Basis> = {};
  const given: Json = {};
  for (const [group, entries] of Object.entries(object(json, where, 'parameters'))) {
    if (!BASES.includes(group as Basis))
      throw new InputError(`${where}: unknown group parameters.${group}; allowed: ${BASES.join(', ')}`);
    const own = object(entries, where, `parameters.${group}`);
    refuseOthers(own, keys(THERMAL_ROWS), where, `parameters.${group}.`);
    for (const [key, value] of Object.entries(own)) {
      if (key in given)
        throw new InputError(`${where}: ${key} is given twice; allowed: in one group of ${BASES.join(', ')}`);
      given[key] = value;
      basis[key] = group as Basis;
    }
  }
  for (const row of THERMAL_ROWS) values[row.key] = number(given[row.key], row, where);
  return { value: (key: string): number => values[key]!, basis };
}

const keys = (rows: readonly { key: string }[]): string[] => rows.map(({ key }) => key);
