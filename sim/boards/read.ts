/** Reads a product's file: everything that is wrong with it at once, and what the device is to be given. */
import { configProblems } from '../../firmware/config/check';
import { packProblems } from '../../firmware/config/checkPack';
import type { Config, WifiConfig } from '../../firmware/config/config';
import type { PackConfig } from '../../firmware/config/packDefaults';
import { cellModelOf } from '../campaign/cellModel';
import { show, type Json } from '../checkJson';
import { InputError } from '../errors';
import { loadProfile, type CellProfile } from '../profiles/profile';
import { readJson } from '../readJson';
import { channelProblems, cyclingProblems, packFitProblems, pinProblems } from './fit';
import { KINDS, nominal_mAh, type CyclerParts, type CyclerProduct, type PackParts, type Product } from './product';
import { compareShape } from './shape';
import { inputMask, POLICIES, protocolOf, thermistorMask, withHexNumbers, word } from './words';
import cycler from './cycler.json';
import drone6s from './drone-6s.json';

const BUILT_IN: Readonly<Record<string, Json>> = { cycler, 'drone-6s': drone6s };
/** Fields that a file may have beyond those of the built-in boards. */
const RELAY = { activeLow: true, time_ms: 15 };
const WIFI: WifiConfig = {
  ssid: '',
  password: '',
  broker: '',
  port: 1883,
  user: '',
  secret: '',
  topic: 'caldera',
  period_ms: 5000,
};
const MAY_LACK = ['board.relay', 'steer', 'link', 'mavlink', 'wifi'];
const WIFI_MAY_LACK = ['port', 'user', 'secret', 'topic', 'period_ms'].map((key) => `wifi.${key}`);

export interface Reading {
  /** A line each, beginning with the field. Empty: the file is good. */
  problems: string[];
  /** Undefined where something is wrong. */
  product?: Product;
}

/** Names of the built-in boards. */
export const boardNames = (): string[] => Object.keys(BUILT_IN);

/** The file of a built-in board, or the user's own from a `.json` file. @throws InputError when there is none or it is not JSON */
export function readBoardFile(nameOrFile: string): unknown {
  const builtIn = BUILT_IN[nameOrFile];
  if (builtIn) return structuredClone(builtIn);
  if (!/\.json$/i.test(nameOrFile))
    throw new InputError(`board "${nameOrFile}" is unknown; allowed: ${boardNames().join(', ')}, or a FILE.json`);
  return readJson(nameOrFile, 'board file');
}

/** A product by name or file. @throws InputError with the first thing that is wrong */
export function loadProduct(nameOrFile: string): Product {
  const { product, problems } = readProduct(readBoardFile(nameOrFile));
  if (product) return product;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: caldera config check ${nameOrFile})` : '';
  throw new InputError(`${nameOrFile}: ${problems[0]}${more}`);
}

export function readProduct(json: unknown): Reading {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { problems: [`the file is ${Array.isArray(json) ? 'a list' : show(json)}; allowed: a JSON object`] };
  const file = json as Json;
  if (!KINDS.includes(file.kind as 'pack'))
    return { problems: [`kind is ${show(file.kind)}; allowed: ${KINDS.join(', ')}`] };
  const cell = readCell(file.cell);
  const reading = file.kind === 'cycler' ? readCycler(file, cell) : readPack(file, cell);
  if (typeof cell === 'string') reading.problems.push(cell);
  reading.problems = onePerField(reading.problems);
  return reading.problems.length === 0 ? reading : { problems: reading.problems };
}

function readCycler(file: Json, cell: CellProfile | string): Reading {
  const reference = { ...cycler, board: { ...cycler.board, relay: RELAY }, wifi: WIFI };
  const own = withHexNumbers(file);
  const free = [...ANYTHING, 'board.ina228.adcConfig', ...(Array.isArray(file.protocol) ? ['protocol'] : [])];
  const shape = compareShape(file, reference, [...MAY_LACK, ...WIFI_MAY_LACK], free);
  const problems: string[] = [];
  const policy = word(problems, 'policy', own.policy, POLICIES);
  if (!Array.isArray(own.protocol)) problems.push(...cyclingProblems(own));
  const config = {
    ...commonParts(own, cell),
    policy,
    pace: own.pace,
    // Of a protocol that cannot be made the reasons are listed.
    protocol: problems.length === 0 ? protocolOf(problems, own.protocol) : [],
    steer: own.steer,
  } as Config;
  problems.push(...configProblems(config), ...pinProblems(own), ...shape);
  if (typeof cell === 'string' || !hasObjects(own, CHANNEL_OBJECTS)) return { problems };
  const parts = own.parts as unknown as CyclerParts;
  const product: CyclerProduct = { kind: 'cycler', file, cell, capacity_mAh: nominal_mAh(cell), config, parts };
  return { problems: [...problems, ...channelProblems(product)], product };
}

function readPack(file: Json, cell: CellProfile | string): Reading {
  const reference = { ...drone6s, wifi: WIFI };
  const own = withHexNumbers(file);
  const shape = compareShape(file, reference, [...MAY_LACK, ...WIFI_MAY_LACK], ANYTHING);
  const problems: string[] = [];
  const common = commonParts(own, cell);
  const board = common.board as { afe?: Json } | undefined;
  const afe = board?.afe;
  const config = {
    ...common,
    board: afe && {
      ...board,
      afe: {
        ...afe,
        cells: inputMask(problems, 'board.afe.cells', afe.cells),
        thermistors: thermistorMask(problems, 'board.afe.thermistors', afe.thermistors),
      },
    },
    policy: word(problems, 'policy', own.policy, POLICIES),
    period_ms: own.period_ms,
    chargeTo_mV: own.chargeTo_mV,
    balance: own.balance,
    mavlink: own.mavlink,
  } as unknown as PackConfig;
  problems.push(...packProblems(config), ...pinProblems(own), ...shape);
  if (typeof cell === 'string' || !hasObjects(own, PACK_OBJECTS)) return { problems };
  const cells = Array.isArray(afe!.cells) ? afe!.cells.length : 0;
  const parts = own.parts as unknown as PackParts;
  const product: Product = { kind: 'pack', file, cell, capacity_mAh: nominal_mAh(cell), config, parts, cells };
  return { problems: [...problems, ...packFitProblems(product)], product };
}

/** Without these, what must fit together cannot be looked at. */
const CHANNEL_OBJECTS = ['board.pins', 'board.i2c', 'board.ina228', 'board.dac', 'limits', 'parts'];
const PACK_OBJECTS = ['board.pins', 'board.i2c', 'board.afe', 'board.precharge', 'limits', 'parts'];

function hasObjects(own: Json, paths: readonly string[]): boolean {
  return paths.every((path) => {
    const value = path.split('.').reduce<unknown>((part, key) => (part as Json | undefined)?.[key], own);
    return typeof value === 'object' && value !== null;
  });
}

/** Compared elsewhere, for they may be written in more than one way. */
const ANYTHING = ['board.ina228.address', 'board.dac.address', 'board.ads1115.address', 'board.afe.address', 'cell'];

function commonParts(own: Json, cell: CellProfile | string): Json {
  return {
    board: own.board,
    limits: own.limits,
    cell: typeof cell === 'string' ? undefined : cellModelOf(cell),
    link: own.link,
    wifi: typeof own.wifi === 'object' && own.wifi !== null ? { ...WIFI, ...own.wifi } : own.wifi,
  };
}

/** The profile, or what is wrong with it. */
function readCell(name: unknown): CellProfile | string {
  if (typeof name !== 'string') return `cell is ${show(name)}; allowed: the name of a cell or a FILE.json`;
  try {
    const cell = loadProfile(name);
    return cell.kind === 'full' ? cell : `cell is "${name}", a half cell; allowed: a full cell`;
  } catch (error) {
    return `cell: ${(error as Error).message}`;
  }
}

/** The first line of each field: the others follow from it. */
function onePerField(problems: readonly string[]): string[] {
  const field = (line: string): string => line.split(/ is |: /)[0]!;
  return problems.filter((line, k) => problems.findIndex((other) => field(other) === field(line)) === k);
}
