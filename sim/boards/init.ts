/** A board's file laid out for a cell: shunt, set-point, fuse, resistors, limits, protocol. What `caldera config init` writes. */
import { FRONT_END, FULL_SCALE_NV } from '../../firmware/config/check';
import { cyclerConfig, standardCycling } from '../../firmware/config/defaults';
import { packConfig, type PackConfig } from '../../firmware/config/packDefaults';
import type { Limits } from '../../firmware/config/config';
import { Policy } from '../../firmware/protect/faults';
import type { Json } from '../checkJson';
import { InputError } from '../errors';
import { loadProfile } from '../profiles/profile';
import { dividerFrom_ohm, FUSE_SHARE, LOGIC_V, prechargeFrom_ohm, prechargeLasts_s } from './parts';
import { BELOW_CUT, LARGEST_SHUNT_UOHM, LEAST_CHARGE_NV, packApplies } from './packFrontEnd';
import { nominal_mAh } from './product';
import { readBoardFile } from './read';

/** Shunts that are sold [uOhm], and fuses [A]. */
const SHUNTS_UOHM = [1, 1.5, 2, 3, 4, 5, 7.5].flatMap((first) => [1e2, 1e3, 1e4, 1e5].map((power) => first * power));
const FUSES_A = [0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 125, 150, 200, 250];
/** So much more than full scale of the set-point fits over the shunt of the INA228. */
const RANGE_SHARE = 1.2;
const FULL_SCALE_C = 5.5;
const CHARGE_C = 0.2;
const DISCHARGE_C = 1;
const STEER_TO_C = 3;
/** Of a pack: fastest charge and largest discharge. */
const PACK_CHARGE_C = 0.5;
const BURST_C = 5;
/** For cells of which the board's own divider would take too much [ohm]. */
const LARGE_DIVIDER_OHM = 1e6;
/** The firmware waits so much longer than a precharge lasts. */
const PRECHARGE_RESERVE = 1.2;

export interface InitOptions {
  /** Name of a built-in board or a FILE.json to start from. */
  board: string;
  /** Name of a cell or a FILE.json; default: the board's. */
  cell?: string;
  /** In series; default: the board's. */
  cells?: number;
}

/** The file's content. @throws InputError */
export function initBoard({ board, cell, cells }: InitOptions): Json {
  const file = readBoardFile(board) as Json;
  const name = cell ?? String(file.cell);
  const profile = loadProfile(name);
  if (profile.kind !== 'full')
    throw new InputError(`--cell: '${name}' is a half cell, which no board can charge; allowed: a full cell`);
  const packed = {
    capacity_mAh: nominal_mAh(profile),
    chargeTo_mV: 1000 * profile.chargeCutoff_V,
    dischargeTo_mV: 1000 * profile.dischargeCutoff_V,
  };
  if (file.kind === 'cycler') {
    if (cells !== undefined && cells !== 1)
      throw new InputError(`--cells: '${cells}' is not valid; allowed: 1 on a cycler channel`);
    return cyclerFile({ ...file, cell: name }, packed);
  }
  if (cells !== undefined && cells < 3)
    throw new InputError(`--cells: '${cells}' is not valid; allowed: 3 to 16 of a pack`);
  return packFile({ ...file, cell: name }, packed, cells ?? (file as PackJson).board.afe.cells.length);
}

type PackedCell = Parameters<typeof packConfig>[0];
type PackJson = Json & {
  board: Json & { afe: Json & { cells: number[] }; precharge: { full_pct: number; longest_ms: number } };
  parts: Json & Record<string, number>;
};
type CyclerJson = Json & { board: Json & { ina228: Json; dac: Json }; parts: Json & Record<string, number> };

function cyclerFile(own: Json, cell: PackedCell): Json {
  const file = own as CyclerJson;
  const diagnostics = { interrupts: 4, slowStripEvery: 0, steerTo_C: STEER_TO_C };
  const config = cyclerConfig(cell, CHARGE_C, DISCHARGE_C, 0, diagnostics);
  const fullScale_mA = round(FULL_SCALE_C * cell.capacity_mAh, 2);
  const shunt_uOhm = shuntUpTo(FULL_SCALE_NV / (RANGE_SHARE * fullScale_mA));
  const { setPointUpper_ohm, setPointLower_ohm } = file.parts;
  const atFullScale_V = (LOGIC_V * setPointLower_ohm!) / (setPointUpper_ohm! + setPointLower_ohm!);
  const limits = roundLimits(config.limits);
  return {
    ...file,
    board: {
      ...file.board,
      ina228: { ...file.board.ina228, shunt_uOhm, maxCurrent_mA: round(FULL_SCALE_NV / shunt_uOhm, 6) },
      dac: { ...file.board.dac, fullScale_mA },
    },
    parts: {
      ...file.parts,
      fuse_A: fuseFor(limits.lastingDischarge_mA),
      sense_ohm: round((atFullScale_V / fullScale_mA) * 1000, 3),
      cellDivider_ohm:
        file.parts.cellDivider_ohm! < dividerFrom_ohm(limits.overVoltage_mV, cell.capacity_mAh)
          ? LARGE_DIVIDER_OHM
          : file.parts.cellDivider_ohm,
    },
    limits,
    pace: config.pace,
    protocol: roundCurrents(standardCycling(cell, CHARGE_C, DISCHARGE_C, 0, diagnostics)),
    steer: {
      default_mA: round(DISCHARGE_C * cell.capacity_mAh),
      slowest_mA: round(0.15 * cell.capacity_mAh),
      fastest_mA: round(STEER_TO_C * cell.capacity_mAh),
      recovery_min: 0,
      taper: false,
    },
  };
}

function packFile(own: Json, cell: PackedCell, cells: number): Json {
  const file = own as PackJson;
  const config = packConfig(cell, cells, PACK_CHARGE_C, BURST_C, Policy.Flight);
  const limits = roundLimits(config.limits);
  const least_uOhm = LEAST_CHARGE_NV / (FRONT_END * limits.overCharge_mA);
  if (least_uOhm > LARGEST_SHUNT_UOHM)
    throw new InputError(
      `--cell: '${String(own.cell)}' has ${round(cell.capacity_mAh)} mAh; allowed in a pack: at least ` +
        `${Math.ceil((cell.capacity_mAh * least_uOhm) / LARGEST_SHUNT_UOHM)} mAh, whose currents the front end can tell over 100 mOhm`,
    );
  const { parts } = file;
  const { full_pct, longest_ms } = file.board.precharge;
  const least_ohm = prechargeFrom_ohm((cells * limits.overVoltage_mV) / 1000, limits.overDischarge_mA);
  const precharge_ohm = parts.precharge_ohm! < least_ohm ? Math.ceil(least_ohm / 10) * 10 : parts.precharge_ohm!;
  const lasts_ms = 1000 * PRECHARGE_RESERVE * precharge_ohm * prechargeLasts_s(parts.load_uF!, full_pct);
  return {
    ...file,
    board: {
      ...file.board,
      name: config.board.name,
      afe: {
        ...file.board.afe,
        cells: Array.from({ length: cells }, (_, k) => (k === cells - 1 ? 16 : k + 1)),
        shunt_uOhm: shuntFrom(least_uOhm, { ...config, limits }),
      },
      precharge: { full_pct, longest_ms: Math.max(longest_ms, Math.ceil(lasts_ms / 100) * 100) },
    },
    parts: { ...parts, fuse_A: fuseFor(limits.lastingDischarge_mA), precharge_ohm },
    limits,
    period_ms: config.period_ms,
    chargeTo_mV: config.chargeTo_mV,
    balance: roundCurrents(config.balance),
  };
}

/** The largest that is sold and not above. */
const shuntUpTo = (most_uOhm: number): number => Math.max(...SHUNTS_UOHM.filter((shunt) => shunt <= most_uOhm), 100);

/** The smallest that is sold, not below, and over which the front end does not cut what may flow for ever. */
function shuntFrom(least_uOhm: number, config: PackConfig): number {
  const { board, limits } = config;
  const sold = SHUNTS_UOHM.filter((shunt) => shunt >= least_uOhm).sort((a, b) => a - b);
  const serves = (shunt_uOhm: number): boolean => {
    const applied = packApplies({ ...config, board: { ...board, afe: { ...board.afe, shunt_uOhm } } });
    return applied.chargeOver_mA >= BELOW_CUT * limits.lastingCharge_mA;
  };
  return sold.find(serves) ?? sold[0]!;
}

const fuseFor = (lasting_mA: number): number =>
  FUSES_A.find((fuse_A) => fuse_A * FUSE_SHARE >= lasting_mA / 1000) ?? FUSES_A.at(-1)!;

const roundLimits = (limits: Limits): Limits => roundCurrents(limits);

/** Currents and charges to three digits, as a person would write them. */
function roundCurrents<Numbers extends object>(numbers: Numbers): Numbers {
  const entries = Object.entries(numbers).map(([key, value]) => [
    key,
    typeof value === 'number' && /_m[AC]$/.test(key) ? round(value) : value,
  ]);
  return Object.fromEntries(entries) as Numbers;
}

const round = (value: number, digits = 3): number => Number(value.toPrecision(digits));
