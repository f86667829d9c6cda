/** What the fault-injection campaign measured, as it lies in docs/safety-measured.json: one run of `caldera faults --json`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../firmware/protect/faults';
import type { FaultRow } from '../../firmware/protect/table';
import { packageFolder } from '../build/build';
import { type Json, number, object, show } from '../checkJson';
import { InputError } from '../errors';
import { readJson } from '../readJson';

/** One fault: how often it was injected and seen, and how long the firmware or the front end took. */
export interface Reaction {
  /** A row of the fault table, by its name in `Fault`; or what stands in no row, such as a reaction of the front end. */
  id: string;
  injected: number;
  detected: number;
  promised_ms: number;
  /** null: never seen. */
  worst_ms: number | null;
  median_ms: number | null;
}

export interface Measured {
  runs: number;
  violations: number;
  falseTrips: number;
  faults: Reaction[];
}

export const MEASURED_FILE = 'docs/safety-measured.json';
/** Makes that file: its output is the file. */
export const MEASURED_COMMAND = 'caldera faults --runs 10000 --json';

/** null: not measured yet. @throws InputError when the file holds something else */
export function readMeasured(file = join(packageFolder(), MEASURED_FILE)): Measured | null {
  if (!existsSync(file)) return null;
  const json = object(readJson(file, 'measured reactions'), file, 'content');
  if (!Array.isArray(json.faults)) throw new InputError(`${file}: faults is ${show(json.faults)}; allowed: a list`);
  return {
    runs: count(json, 'runs', file),
    violations: count(json, 'violations', file),
    falseTrips: count(json, 'falseTrips', file),
    faults: [json.faults, json.hardware ?? []]
      .flat()
      .map((item, k) => reaction(object(item, file, `faults[${k}]`), file)),
  };
}

function reaction(json: Json, file: string): Reaction {
  if (typeof json.id !== 'string') throw new InputError(`${file}: id is ${show(json.id)}; allowed: a name`);
  const time_ms = (key: string): number =>
    number(json[key], { key, unit: 'ms', min: 0, max: 1e9 }, file, `${json.id} `);
  const orNever = (key: string): number | null => (json[key] === null ? null : time_ms(key));
  return {
    id: json.id,
    injected: count(json, 'injected', file),
    detected: count(json, 'detected', file),
    promised_ms: time_ms('promised_ms'),
    worst_ms: orNever('worst_ms'),
    median_ms: orNever('median_ms'),
  };
}

const count = (json: Json, key: string, file: string): number =>
  number(json[key], { key, unit: '1', min: 0, max: 1e9, whole: true }, file);

/** What was measured of a row. */
export const reactionOf = (measured: Measured | null, row: FaultRow): Reaction | undefined =>
  measured?.faults.find(({ id }) => id === Fault[row.fault] || id === row.name);

/** What was measured and stands in no row. */
export const otherReactions = (measured: Measured, rows: readonly FaultRow[]): Reaction[] =>
  measured.faults.filter(({ id }) => !rows.some((row) => id === Fault[row.fault] || id === row.name));
