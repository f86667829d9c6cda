/** A run in which something goes wrong: a scenario of the fault campaign, judged by the plant (`faults`). */
import { build } from '../../build/build';
import { InputError } from '../../errors';
import { drawScenario } from '../../faults/draw';
import { useBuild } from '../../faults/deviceBuild';
import { faultOfName } from '../../faults/names';
import { needsDevice } from '../../faults/rigs';
import { runScenario } from '../../faults/runScenario';
import type { Scenario } from '../../faults/scenario';
import { loadProfile } from '../../profiles/profile';
import type { DesignedRun } from '../design/runs';
import { column, type RunResult } from './result';

export const FAULT_OPTIONS = ['cell', 'fault', 'temperature_C', 'discharge_C'];

export const FAULT_COLUMNS = [
  column(
    'faultCase',
    'text',
    'fault, small fault, clean, or void: the cell was empty or full before it could come about',
  ),
  column('faultRow', 'text', 'row of the fault table that was to find it'),
  column('detected', 'flag', 'whether it was found'),
  column('reaction_ms', 'number', 'from the fault to the action'),
  column('promised_ms', 'number', 'what the manual promises'),
  column('violations', 'text', 'what must never be; null: nothing'),
  column('falseTrips', 'text', 'rows that tripped with nothing wrong; null: none'),
];

/** The draws of a scenario come in eights: a clean one, a small fault, six faults that must be found. */
const OF_EIGHT = 8;
const SMALL = 2;

const SLOWEST_C = 0.05;
const FASTEST_C = 3;

/** @throws InputError */
export function scenarioOf({ values, seed, specimen }: Pick<DesignedRun, 'values' | 'seed' | 'specimen'>): Scenario {
  const cell = values.cell as string | undefined;
  if (cell !== undefined && loadProfile(cell).kind === 'half')
    throw new InputError(`cell is "${cell}", a half cell; allowed with a fault: a full cell`);
  const rate_C = values.discharge_C as number | undefined;
  if (rate_C !== undefined && !(rate_C >= SLOWEST_C && rate_C <= FASTEST_C))
    throw new InputError(`discharge_C is ${rate_C} C; allowed with a fault: ${SLOWEST_C} to ${FASTEST_C} C`);
  const kind = values.fault as string;
  const faults = OF_EIGHT - SMALL;
  const n =
    kind === 'clean' ? OF_EIGHT * specimen : OF_EIGHT * Math.floor(specimen / faults) + SMALL + (specimen % faults);
  const named = kind === 'clean' || kind === 'any' ? undefined : faultOfName(kind, 'fault');
  const scenario = drawScenario(seed, n, { fault: named, cell });
  const temperature_C = values.temperature_C as number | undefined;
  return {
    ...scenario,
    state: {
      ...scenario.state,
      ...(temperature_C !== undefined && { temperature_C }),
      ...(rate_C !== undefined && { rate_C }),
    },
  };
}

export async function runFault(run: DesignedRun): Promise<RunResult> {
  const scenario = scenarioOf(run);
  if (needsDevice(scenario)) useBuild(await theBuild());
  const {
    id,
    hardware,
    case: kind,
    detected,
    reaction_ms,
    promised_ms,
    violations,
    falseTrips,
  } = runScenario(scenario);
  return {
    values: {
      faultCase: kind,
      faultRow: id ?? hardware ?? null,
      detected,
      reaction_ms,
      promised_ms,
      violations: violations.length > 0 ? violations.join('; ') : null,
      falseTrips: falseTrips.length > 0 ? falseTrips.join('; ') : null,
    },
    cycles: [],
  };
}

/** The same for every run of this thread. */
let built: ReturnType<typeof build> | undefined;
const theBuild = (): ReturnType<typeof build> => (built ??= build({ board: 'cycler' }));
