/** Reads a product's file: everything that is wrong with it at once, and what the device is to be given. */
import { checkFields } from '../../firmware/config/check';
import { checkPackFields } from '../../firmware/config/checkPack';
import type { Config, WifiConfig } from '../../firmware/config/config';
import type { PackConfig } from '../../firmware/config/packDefaults';
import { isObject, refuse } from '../../firmware/config/ranges';
import { cyclerProtocol, type Cycling } from '../../firmware/protocol/cycler';
import { cellModelOf } from '../campaign/cellModel';
import { show, type Json } from '../checkJson';
import { InputError } from '../errors';
import { loadProfile, type CellProfile } from '../profiles/profile';
import { readJson } from '../readJson';
import { Findings } from './findings';
import { channelFit, packFit, pinProblems } from './fit';
import { KINDS, nominal_mAh, type CyclerParts, type PackParts, type Product } from './product';
import { compareShape } from './shape';
import { CHANNEL_POLICIES, inputMask, POLICIES, protocolSteps, thermistorMask, withHexNumbers, word } from './words';
import cycler from './cycler.json';
import drone6s from './drone-6s.json';

const BUILT_IN: Readonly<Record<string, Json>> = { cycler, 'drone-6s': drone6s };
/** Fields that a file may have beyond those of the built-in boards. */
const RELAY = { activeLow: true, time_ms: 15 };
const WIFI = { port: 1883, user: '', secret: '', topic: 'caldera', period_ms: 5000 };
const WHOLE_WIFI: WifiConfig = { ssid: '', password: '', broker: '', ...WIFI };
const MAY_LACK = ['board.relay', 'steer', 'link', 'mavlink', 'wifi'];
const WIFI_MAY_LACK = Object.keys(WIFI).map((key) => `wifi.${key}`);

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
  const fields: string[] = [];
  const cell = readCell(fields, file.cell);
  return file.kind === 'cycler' ? readCycler(file, cell, fields) : readPack(file, cell, fields);
}

/** @param fields lines about each field by itself */
function readCycler(file: Json, cell: CellProfile | undefined, fields: string[]): Reading {
  const own = withHexNumbers(file);
  const listed = Array.isArray(own.protocol) ? (own.protocol as unknown[]) : undefined;
  const reference = { ...cycler, board: { ...cycler.board, relay: RELAY }, wifi: WHOLE_WIFI };
  const free = [...ANYTHING, 'board.ina228.adcConfig', ...(listed ? ['protocol'] : [])];
  const shape = compareShape(file, reference, [...MAY_LACK, ...WIFI_MAY_LACK], free);
  const config = {
    ...commonParts(own, cell),
    policy: word(fields, 'policy', own.policy, CHANNEL_POLICIES),
    pace: own.pace,
    // A standard protocol is made of its numbers once they are good.
    protocol: listed ? protocolSteps(fields, listed) : [],
    steer: own.steer,
  } as Config;
  if (!listed && !isObject(own.protocol)) refuse(fields, 'protocol', own.protocol, 'an object or a list');
  checkFields(fields, config);
  fields.push(...pinProblems(own), ...shape);
  const findings = new Findings(listed ? { ...own, protocol: config.protocol } : own, fields);
  channelFit(findings, config, cell, listed !== undefined);
  const problems = causes(fields, findings.lines);
  if (problems.length > 0 || !cell) return { problems };
  if (!listed) config.protocol = cyclerProtocol(own.protocol as unknown as Cycling);
  const parts = own.parts as unknown as CyclerParts;
  return { problems, product: { kind: 'cycler', file, cell, capacity_mAh: nominal_mAh(cell), config, parts } };
}

function readPack(file: Json, cell: CellProfile | undefined, fields: string[]): Reading {
  const own = withHexNumbers(file);
  const shape = compareShape(file, { ...drone6s, wifi: WHOLE_WIFI }, [...MAY_LACK, ...WIFI_MAY_LACK], ANYTHING);
  const common = commonParts(own, cell);
  const board = common.board as { afe?: Json } | undefined;
  const afe = isObject(board?.afe) ? board!.afe : undefined;
  const config = {
    ...common,
    board: afe
      ? {
          ...board,
          afe: {
            ...afe,
            cells: inputMask(fields, 'board.afe.cells', afe.cells),
            thermistors: thermistorMask(fields, 'board.afe.thermistors', afe.thermistors),
          },
        }
      : board,
    policy: word(fields, 'policy', own.policy, POLICIES),
    period_ms: own.period_ms,
    chargeTo_mV: own.chargeTo_mV,
    balance: own.balance,
    mavlink: own.mavlink,
  } as unknown as PackConfig;
  checkPackFields(fields, config);
  fields.push(...pinProblems(own), ...shape);
  const findings = new Findings(own, fields);
  const cells = findings.isSound('board.afe.cells') ? (afe!.cells as number[]).length : NaN;
  packFit(findings, config, cell, cells);
  const problems = causes(fields, findings.lines);
  if (problems.length > 0 || !cell) return { problems };
  const parts = own.parts as unknown as PackParts;
  return { problems, product: { kind: 'pack', file, cell, capacity_mAh: nominal_mAh(cell), config, parts, cells } };
}

/** Compared elsewhere, for they may be written in more than one way. */
const ANYTHING = ['board.ina228.address', 'board.dac.address', 'board.ads1115.address', 'board.afe.address', 'cell'];

function commonParts(own: Json, cell: CellProfile | undefined): Json {
  return {
    board: own.board,
    limits: own.limits,
    cell: cell && cellModelOf(cell),
    link: own.link,
    wifi: isObject(own.wifi) ? { ...WIFI, ...(own.wifi as Json) } : own.wifi,
  };
}

/** The profile; adds a line where it is none of a full cell. */
function readCell(problems: string[], name: unknown): CellProfile | undefined {
  if (typeof name !== 'string') {
    problems.push(`cell is ${show(name)}; allowed: the name of a cell or a FILE.json`);
    return undefined;
  }
  try {
    const cell = loadProfile(name);
    if (cell.kind === 'full') return cell;
    problems.push(`cell is "${name}", a half cell; allowed: a full cell`);
  } catch (error) {
    problems.push(`cell: ${(error as Error).message}`);
  }
  return undefined;
}

/**
 * A line for each field, the better known one where there are two. What stands in a field that has a line, and what is missing because it
 * is mistyped, follows from that.
 */
function causes(known: readonly string[], better: readonly string[]): string[] {
  const fieldOf = (line: string): string => line.split(/ is |: /)[0]!;
  const fields = [...new Set([...known, ...better].map(fieldOf))];
  const meant = known.map((line) => / is unknown; did you mean (.*)\?$/.exec(line)?.[1]);
  return fields.flatMap((field) => {
    const line = [...better, ...known].find((one) => fieldOf(one) === field)!;
    const inside = fields.some((outer) => field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`));
    return inside || (line.includes(' is missing') && meant.includes(field)) ? [] : [line];
  });
}
