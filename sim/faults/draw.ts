/** Draws the scenarios of a campaign: the n-th of a seed is the same whatever else is run, and on whichever thread. */
import type { Fault } from '../../firmware/protect/faults';
import { loadProfile } from '../profiles/profile';
import { Random } from '../random';
import { CHANNEL_INJECTIONS, PACK_INJECTIONS } from './injections';
import { between, type ChannelInjection, type Injection, type PackInjection } from './injections/injection';
import { packConfigOf } from './packRig';
import type { BoardKind, CellChoice, Injected, Scenario, State, StateKind } from './scenario';
import { configOf } from './setup';

/** Cells that are drawn from unless one is named; pouches, for which the channel's own errors are small. */
const CELLS = ['afl-l1', 'afl-l2', 'homs-ncm811', 'homs-lfp', 'bare-copper-ncm811', 'tri-salt-pouch'];
const DRAWS = 4;
const AGES = [0, 0, 40, 120];
const TEMPERATURES_C = [0, 10, 25, 25, 45];
const CHARGE_C = [0.2, 0.5, 1];
const DISCHARGE_C = [0.5, 1, 2, 3];
/** Of eight runs one is clean and one has a fault that is too small to be found. */
const OF_EIGHT = 8;
const CLEAN_STATES: readonly StateKind[] = [
  ...(['discharge', 'discharge', 'knee', 'mission', 'mission'] as const),
  ...(['charge', 'end of charge', 'hold', 'rest', 'cycling'] as const),
];
/** Part of the runs that are run with the whole device where its tick would do. */
const BY_DEVICE = 0.5;
const CLEAN_BOARDS: readonly BoardKind[] = ['cycler', 'cycler', 'cycler', 'cycler', 'pack', 'flight'];
const CLEAN_PACK_STATES: readonly StateKind[] = ['discharge', 'mission', 'mission', 'charge', 'rest'];
const PACKS: readonly BoardKind[] = ['pack', 'flight'];
const CLEAN_MS = 120000;
const CLEAN_CYCLING_MS = 1.5e7;
/** After the self-test and until currents are steady. */
const FROM_MS = 6000;
const UNTIL_MS = 12000;
const LASTS_MS = 8000;

export interface Drawn {
  /** Draws of this row's injections alone. */
  fault?: Fault | undefined;
  cell?: string | undefined;
}

/** @param n from 0 */
export function drawScenario(seed: number, n: number, drawn: Drawn = {}): Scenario {
  const random = new Random((Math.imul(seed, 0x9e3779b1) ^ n) >>> 0, 'scenario');
  const turn = n % OF_EIGHT;
  const round = Math.floor(n / OF_EIGHT);
  const all = FAULTS.filter(({ injection: { row, or } }) => {
    return drawn.fault === undefined || row === drawn.fault || or?.includes(drawn.fault);
  });
  const small = all.filter(({ injection }) => injection.inside !== undefined);
  if (turn === 1 && small.length > 0) return faulty(random, drawn, small[round % small.length]!, 'not trip');
  if (turn <= 1 || all.length === 0) return clean(random, drawn);
  return faulty(random, drawn, all[(round * (OF_EIGHT - 2) + turn - 2) % all.length]!, 'be found');
}

type FaultOf = { isPack: false; injection: ChannelInjection } | { isPack: true; injection: PackInjection };
const FAULTS: readonly FaultOf[] = [
  ...CHANNEL_INJECTIONS.map((injection): FaultOf => ({ isPack: false, injection })),
  ...PACK_INJECTIONS.map((injection): FaultOf => ({ isPack: true, injection })),
];

function clean(random: Random, drawn: Drawn): Scenario {
  const board = oneOf(random, CLEAN_BOARDS);
  const state = drawState(random, oneOf(random, board === 'cycler' ? CLEAN_STATES : CLEAN_PACK_STATES), board);
  return {
    ...drawRest(random, drawn, board, false),
    state: { ...state, temperature_C: oneOf(random, [0, 0, 10, 25, 45, 45]) },
    sensorErrors: 1,
    length_ms: state.kind === 'cycling' ? CLEAN_CYCLING_MS : CLEAN_MS,
  };
}

function faulty(random: Random, drawn: Drawn, fault: FaultOf, must: Injected['must']): Scenario {
  const { isPack, injection } = fault;
  const board = isPack ? oneOf(random, PACKS) : 'cycler';
  const state = drawState(random, oneOf(random, injection.states), board, injection);
  const scenario = { ...drawRest(random, drawn, board, !isPack && injection.act !== undefined, injection), state };
  const sized = must === 'be found' ? 'beyond' : 'inside';
  const size = isPack
    ? fault.injection[sized]!(random, packConfigOf(scenario), state)
    : fault.injection[sized]!(random, configOf(scenario), state);
  const at_ms = between(random, FROM_MS, UNTIL_MS);
  return { ...scenario, injected: { kind: injection.name, size, must, at_ms, for_ms: LASTS_MS } };
}

function drawRest(
  random: Random,
  drawn: Drawn,
  board: BoardKind,
  needsDevice: boolean,
  injection?: Injection,
): Omit<Scenario, 'state'> {
  return {
    board,
    target: board === 'cycler' && (needsDevice || random.uniform() < BY_DEVICE) ? 'device' : 'tick',
    seed: random.bits() >>> 0,
    cell: drawCell(random, drawn, injection),
    sensorErrors: random.uniform() < 0.5 ? 1 : 0,
    length_ms: 0,
    injected: null,
  };
}

/** In a pack a cell is never so empty that its voltage says nothing... */
function drawState(random: Random, kind: StateKind, board: BoardKind, injection?: Injection): State {
  const { warmest_C = Infinity, fastest_C = Infinity, leastFill = 0, mostFill = 1 } = injection ?? {};
  const charges = kind === 'charge' || kind === 'hold' || kind === 'end of charge';
  const least = board === 'cycler' ? 0.1 : 0.4;
  // ... nor so full that what has tripped at the top waits for it to be used.
  const most = board === 'cycler' ? 1 : 0.9;
  const [from, to] = kind === 'rest' ? [board === 'cycler' ? 0 : least, most] : charges ? [least, 0.5] : [0.7, most];
  return {
    kind,
    rate_C: Math.min(fastest_C, oneOf(random, charges ? CHARGE_C : DISCHARGE_C)),
    temperature_C: Math.min(warmest_C, oneOf(random, TEMPERATURES_C)),
    fill: Math.min(mostFill, Math.max(leastFill, between(random, from, to))),
  };
}

/** One that suits the injection, unless a cell is named. */
function drawCell(random: Random, { cell }: Drawn, injection?: Injection): CellChoice {
  const cells = CELLS.filter((name) => injection?.suits?.(loadProfile(name)) ?? true);
  const ages = AGES.filter((cycles) => cycles <= (injection?.mostCycles ?? Infinity));
  return {
    profile: cell ?? oneOf(random, cells),
    draw: Math.floor(DRAWS * random.uniform()),
    cycles: oneOf(random, ages),
  };
}

const oneOf = <T>(random: Random, values: readonly T[]): T => values[Math.floor(values.length * random.uniform())]!;
