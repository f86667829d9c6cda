/** What of Caldera's own a folder or a file holds. */
import type { FaultsReport } from '../../../faults/summary';
import type { ReplayReport } from '../../../replay/report';
import type { SimulateResult, VolcanoResult } from '../../../results/types';
import { InputError } from '../../../errors';

/** Results are small; what is larger is something else. */
const LARGEST_JSON = 64 << 20;

/** `config.json` of a result folder. */
export interface ResultConfig {
  command: string;
  version: string;
  options?: object;
  /** Of a campaign. */
  spec?: object;
  interrupted?: boolean;
  files: string[];
}

export type Result =
  | { kind: 'replay'; result: ReplayReport }
  | { kind: 'simulate'; result: SimulateResult }
  | { kind: 'volcano'; result: VolcanoResult }
  | { kind: 'faults'; result: FaultsReport }
  /** Not a result: what cells are made of. */
  | { kind: 'cell' }
  /** Of another command: pictures and tables are shown as they are. */
  | { kind: 'other' };

/** @throws InputError when it cannot be read, with what to do */
export async function readJson(file: File): Promise<unknown> {
  if (file.size > LARGEST_JSON)
    throw new InputError(
      `${file.name} has ${Math.round(file.size / 1e6)} MB, too much for a result of caldera. Open the folder of the result, or a cycler's text export.`,
    );
  try {
    return JSON.parse(await file.text());
  } catch (error) {
    throw new InputError(
      `${file.name} is not whole JSON (${(error as Error).message}). Open the folder that caldera wrote with --out.`,
    );
  }
}

/** @throws InputError when it is no configuration of a result */
export function checkConfig(json: unknown): ResultConfig {
  const { madeBy, command, version, files, ...more } = (json ?? {}) as Record<string, unknown>;
  if (madeBy !== 'caldera' || typeof command !== 'string' || !Array.isArray(files))
    throw new InputError(
      'config.json was not written by caldera. Open a folder that a command of caldera made with --out.',
    );
  return { ...more, command, version: String(version), files: files.filter((file) => typeof file === 'string') };
}

/** By its keys, which are those of `--json`. */
export function recogniseResult(json: unknown): Result {
  const has = (key: string, inside: unknown = json): boolean =>
    typeof inside === 'object' && inside !== null && key in inside;
  if (has('relaxations') && has('cycles') && has('format')) return { kind: 'replay', result: json as ReplayReport };
  if (has('strategy') && has('cycles') && has('summary')) return { kind: 'simulate', result: json as SimulateResult };
  if (has('points') && has('optimum_C')) return { kind: 'volcano', result: json as VolcanoResult };
  if (has('faults') && has('falseTrips')) return { kind: 'faults', result: json as FaultsReport };
  if (has('basedOn') || (has('cathode') && has('parameters'))) return { kind: 'cell' };
  return { kind: 'other' };
}
