/**
 * Cell profiles: the systems the twin knows, as data. Built-in ones stand beside this file; a user's own has the same form
 * and may be `basedOn` a built-in one, giving only what differs.
 */
import type { DetailedParameters } from '../cell/detailed/parameters';
import { CATHODES, type Cathode, type OcvError } from '../cell/openCircuit';
import { PARAMETER_ROWS, type ParameterRow, type Parameters } from '../cell/parameters';
import { choice, number, object, refuseOthers, show, text, type Json } from '../checkJson';
import { InputError } from '../errors';
import { readJson } from '../readJson';
import { thermalProfileNames } from '../thermal/profile';
import { BASES, RESIDUE_RULES, type Basis, type ResidueRule } from './terms';
import { ensembleMember, setForRule, type ParameterSet } from './variants';
import aflL1 from './afl-l1.json';
import aflL1Half from './afl-l1-half.json';
import aflL2 from './afl-l2.json';
import aflL2Half from './afl-l2-half.json';
import criecHalf from './criec-half.json';
import criecNcm622 from './criec-ncm622.json';
import criecNcm811 from './criec-ncm811.json';
import criecPouch from './criec-pouch.json';
import superPHalf from './super-p-half.json';
import copperSolidHalf from './copper-solid-half.json';
import copperSolidNcm622 from './copper-solid-ncm622.json';
import copperSolidNcm811 from './copper-solid-ncm811.json';
import homsNcm811 from './homs-ncm811.json';
import homsLfp from './homs-lfp.json';
import homsHalf from './homs-half.json';
import bareCopperNcm811 from './bare-copper-ncm811.json';
import bareCopperLfp from './bare-copper-lfp.json';
import bareCopperHalf from './bare-copper-half.json';
import triSaltCoin from './tri-salt-coin.json';
import triSaltPouch from './tri-salt-pouch.json';
import triSaltHalf from './tri-salt-half.json';
import routineCoin from './routine-coin.json';
import routinePouch from './routine-pouch.json';
import routineHalf from './routine-half.json';
import routineSymmetric from './routine-symmetric.json';

/** A cell as data: its kind, size, cut-offs and parameters, and where each of these comes from. `loadProfile` reads one. */
export interface CellProfile {
  name: string;
  title: string;
  source: string;
  /** `full`: a cathode against copper. `half`: Li | Cu, an ideal lithium counter electrode. */
  kind: 'full' | 'half';
  cathode: Cathode;
  residueRule: ResidueRule;
  /** Name of the thermal profile of its runaway; null when it has not been in a calorimeter. */
  thermal: string | null;
  area_cm2: number;
  chargeCutoff_V: number;
  dischargeCutoff_V: number;
  parameters: Parameters;
  /** By parameter symbol. */
  basis: Record<string, Basis>;
  /** The cell's own deviation from the open-circuit curve of its cathode; undefined: none. Of one cell, so never in a file. */
  ocvError?: OcvError;
  /** Parameters of the detailed plant, where they are not those that go with the name and the reduced ones. */
  detailed?: DetailedParameters;
}

const BUILT_IN: readonly Json[] = [
  aflL1,
  aflL2,
  aflL1Half,
  aflL2Half,
  criecHalf,
  criecNcm622,
  criecNcm811,
  criecPouch,
  superPHalf,
  copperSolidHalf,
  copperSolidNcm622,
  copperSolidNcm811,
  homsNcm811,
  homsLfp,
  homsHalf,
  bareCopperNcm811,
  bareCopperLfp,
  bareCopperHalf,
  triSaltCoin,
  triSaltPouch,
  triSaltHalf,
  routineCoin,
  routinePouch,
  routineHalf,
  routineSymmetric,
];
const TEXT_FIELDS = ['name', 'title', 'source'] as const;
const NUMBER_FIELDS: readonly Omit<ParameterRow, 'symbol' | 'meaning'>[] = [
  { key: 'area_cm2', unit: 'cm2', min: 0.01, max: 1e6 },
  { key: 'chargeCutoff_V', unit: 'V', min: -5, max: 6 },
  { key: 'dischargeCutoff_V', unit: 'V', min: -5, max: 6 },
];
const KNOWN_FIELDS = [
  ...TEXT_FIELDS,
  ...NUMBER_FIELDS.map((field) => field.key),
  'basedOn',
  'kind',
  'cathode',
  'residueRule',
  'thermal',
  'parameters',
];

/** Names of the built-in profiles. */
export const profileNames = (): string[] => BUILT_IN.map((profile) => profile.name as string);

/**
 * A built-in profile by name, a member of its ensemble (`NAME#3`), or the user's own from a `.json` file; with another residue
 * rule, the parameters that were fitted under it. @throws InputError naming the field and what is allowed
 */
export function loadProfile(nameOrFile: string, rule?: ResidueRule): CellProfile {
  const [name, number] = nameOrFile.split('#') as [string, string | undefined];
  if (findBuiltIn(name)) {
    const profile = checkProfile(findBuiltIn(name), name);
    if (number !== undefined && rule !== undefined && rule !== profile.residueRule)
      throw new InputError(`cell "${nameOrFile}": members were fitted with ${profile.residueRule}, not ${rule}`);
    if (number !== undefined) return { ...withSet(profile, ensembleMember(name, number)), name: nameOrFile };
    if (rule === undefined) return profile;
    return { ...withSet(profile, setForRule(name, rule, profile.residueRule)), residueRule: rule };
  }
  const profile = loadFile(nameOrFile);
  if (rule !== undefined) setForRule(profile.name, rule, profile.residueRule);
  return profile;
}

const findBuiltIn = (name: unknown): Json | undefined => BUILT_IN.find((profile) => profile.name === name);

/** Replaces the fitted parameters by those of a set: of the profile itself and of those that it is based on. */
function withSet(profile: CellProfile, set: ParameterSet): CellProfile {
  const parameters = { ...profile.parameters };
  const own = new Set<string>();
  for (let json = findBuiltIn(profile.name); json; json = findBuiltIn(json.basedOn)) {
    for (const [key, value] of Object.entries(set[json.name as string] ?? {})) {
      if (!own.has(key)) parameters[symbolOf(key)] = value;
      own.add(key);
    }
    for (const group of Object.values((json.parameters ?? {}) as Record<string, Json>))
      for (const key of Object.keys(group)) own.add(key);
  }
  return { ...profile, parameters };
}

const symbolOf = (key: string): keyof Parameters =>
  PARAMETER_ROWS.find((row) => row.key === key)!.symbol as keyof Parameters;

function loadFile(nameOrFile: string): CellProfile {
  if (!/\.json$/i.test(nameOrFile))
    throw new InputError(`cell "${nameOrFile}" is unknown; allowed: ${profileNames().join(', ')}, or a FILE.json`);
  return checkProfile(readJson(nameOrFile, 'cell file'), nameOrFile);
}

/** Validates a profile as a whole. `where` names it in errors. @throws InputError */
export function checkProfile(json: unknown, where: string): CellProfile {
  const own = object(json, where, 'the profile');
  if (own.basedOn === undefined && own.kind === undefined)
    throw new InputError(
      `${where}: basedOn is missing; allowed: ${profileNames().join(', ')} (or a whole profile, with kind full or half)`,
    );
  const base = own.basedOn === undefined ? undefined : baseOf(own.basedOn, where);
  refuseOthers(own, KNOWN_FIELDS, where);
  // Every other text may be that of the base; two cells of one name would be taken for each other.
  const merged: Json = { ...base, name: undefined, ...own };
  for (const key of TEXT_FIELDS) text(merged, key, where);
  const kind = choice(merged, 'kind', ['full', 'half'] as const, where);
  const cathode = choice(merged, 'cathode', CATHODES, where);
  if ((kind === 'half') !== (cathode === 'none'))
    throw new InputError(`${where}: cathode is "${cathode}" with kind "${kind}"; allowed: "none" for a half cell only`);
  const [area_cm2, chargeCutoff_V, dischargeCutoff_V] = NUMBER_FIELDS.map((field) =>
    number(merged[field.key], field, where),
  ) as [number, number, number];
  if (kind === 'full' && chargeCutoff_V <= dischargeCutoff_V)
    throw new InputError(
      `${where}: chargeCutoff_V is ${chargeCutoff_V} V; allowed: above dischargeCutoff_V (${dischargeCutoff_V} V)`,
    );
  const residueRule = choice({ residueRule: 'R0', ...merged }, 'residueRule', RESIDUE_RULES, where);
  const thermal = merged.thermal === undefined ? null : choice(merged, 'thermal', thermalProfileNames(), where);
  const { parameters, basis } = checkParameters(base, own, where);
  if (kind === 'full') checkLoading(parameters, own, where);
  const texts = { name: merged.name as string, title: merged.title as string, source: merged.source as string };
  return {
    ...texts,
    kind,
    cathode,
    residueRule,
    thermal,
    area_cm2,
    chargeCutoff_V,
    dischargeCutoff_V,
    parameters,
    basis,
  };
}

function checkParameters(base: Json | undefined, own: Json, where: string) {
  const values = new Map<string, { value: unknown; basis: Basis }>();
  for (const profile of [base, own]) {
    if (profile?.parameters === undefined) continue;
    const groups = object(profile.parameters, where, 'parameters');
    for (const [basis, group] of Object.entries(groups)) {
      if (!BASES.includes(basis as Basis))
        throw new InputError(`${where}: unknown group parameters.${basis}; allowed: ${BASES.join(', ')}`);
      for (const [key, value] of Object.entries(object(group, where, `parameters.${basis}`))) {
        if (!PARAMETER_ROWS.some((row) => row.key === key))
          throw new InputError(`${where}: unknown parameter "${key}"; ${hint(key)}`);
        values.set(key, { value, basis: basis as Basis });
      }
    }
  }
  const parameters: Record<string, number> = {};
  const basis: Record<string, Basis> = {};
  for (const row of PARAMETER_ROWS as readonly ParameterRow[]) {
    const entry = values.get(row.key) ?? { value: row.neutral, basis: 'assumed' };
    parameters[row.symbol] = number(entry.value, row, where);
    basis[row.symbol] = entry.basis;
  }
  return { parameters: parameters as unknown as Parameters, basis };
}

/** A cathode holds at least what the cell is rated for: with a half cell it is ideal. */
function checkLoading({ Qn, Qcat }: Parameters, own: Json, where: string): void {
  if (Qn <= Qcat) return;
  const given = new Set(parameterKeys(own));
  const from = (key: string): string => (given.has(key) ? '' : `, inherited from ${show(own.basedOn)}`);
  const [nominal, cathode] = ['capacity_mAh_cm2', 'cathodeCapacity_mAh_cm2'] as const;
  throw new InputError(
    `${where}: ${nominal} is ${Qn} mAh/cm2${from(nominal)}; allowed: at most ${cathode} (${Qcat} mAh/cm2${from(cathode)})`,
  );
}

/** Of what a file gives itself. */
export const parameterKeys = ({ parameters = {} }: Json): string[] =>
  Object.values(parameters as Record<string, Json>).flatMap((group) => Object.keys(group));

function baseOf(name: unknown, where: string): Json {
  const found = findBuiltIn(name);
  if (!found) throw new InputError(`${where}: basedOn is ${show(name)}; allowed: ${profileNames().join(', ')}`);
  if (found.basedOn === undefined) return found;
  const base = baseOf(found.basedOn, where);
  const own = (found.parameters ?? {}) as Record<string, Json>;
  const given = new Set(parameterKeys(found));
  const groups: Record<string, Json> = {};
  for (const basis of BASES) {
    const inherited = Object.entries((base.parameters as Record<string, Json>)[basis] ?? {});
    // What the nearer profile gives replaces the farther one's, in whichever group that stood.
    groups[basis] = { ...Object.fromEntries(inherited.filter(([key]) => !given.has(key))), ...own[basis] };
  }
  return { ...base, ...found, parameters: groups };
}

function hint(key: string): string {
  const stem = key.split('_')[0]!.toLowerCase();
  const near = PARAMETER_ROWS.filter((row) => row.key.toLowerCase().startsWith(stem)).map((row) => row.key);
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'see "caldera cells show afl-l1" for all of them';
}
