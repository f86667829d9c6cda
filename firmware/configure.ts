/** How a configuration comes to a board of any kind: some of its parts by a command, or the whole in pieces. Loaded with the commands. */
import { sha256Hex } from '../hal/espruino/sha256';
import { eraseFile, readFile, writeFile } from '../hal/espruino/system';
import { CONFIG_FILE, Setup, type Device } from './device';
import type { Link } from './link/link';
import { closeUpload, UPLOAD_FILE } from './link/upload';
import { keepParts } from './record/keep';
import { Kind } from './record/layout';
import { checksumOf, setupPart } from './start';

/**
 * The parts that are given replace those that are; of the limits each by itself.
 * @param json an object with some of the `allowed` parts
 * @param install looks at the whole before any of it applies. @returns '' or why not
 * @returns '' or why not
 */
export function changeConfig<Config extends { limits: object }>(
  json: string,
  allowed: string[],
  unconfigured: () => Config,
  install: (config: Config, text: string) => string,
): string {
  const stored = readFile(CONFIG_FILE);
  let change: Partial<Config>;
  let config: Config;
  try {
    change = JSON.parse(json);
    config = stored === undefined ? unconfigured() : JSON.parse(stored);
  } catch (_) {
    return 'this is not JSON';
  }
  if (typeof change !== 'object' || change === null) return 'configuration is not an object';
  if (typeof config !== 'object' || config === null) config = unconfigured();
  const names = Object.keys(change);
  for (let k = 0; k < names.length; k++) {
    const name = names[k];
    if (allowed.indexOf(name) < 0) return name + ' is unknown; allowed: ' + allowed.join(', ');
    const part = (change as Record<string, unknown>)[name];
    (config as Record<string, unknown>)[name] = name === 'limits' ? Object.assign(config.limits, part) : part;
  }
  return install(config, JSON.stringify(config));
}

/** A whole configuration that has arrived in pieces. @returns '' or why not */
export function applyUpload<Config>(link: Link, install: (config: Config, text: string) => string): string {
  const text = readFile(UPLOAD_FILE);
  let why = closeUpload(link, text, sha256Hex);
  if (why !== '') return why;
  let config: Config | undefined;
  try {
    config = JSON.parse(text as string);
  } catch (_) {
    config = undefined;
  }
  why = typeof config !== 'object' || config === null ? 'this is not JSON' : install(config, text as string);
  eraseFile(UPLOAD_FILE);
  return why;
}

/**
 * Keeps a configuration and has the board start with it.
 * @param why it may not be; '' where it may
 * @returns '' or why not
 */
export function installConfig(device: Device, why: string, text: string): string {
  if (why !== '') return why;
  // The mark first: with power cut in between the old file is no longer taken for the authorised one, and says so.
  if (!keepSetup(device, Setup.configuration, new Float64Array([checksumOf(text)])))
    return 'the store cannot be written';
  if (!writeFile(CONFIG_FILE, text)) return 'Storage is full';
  device.bms = undefined;
  return '';
}

/** Keeps one part of what is set up at a board, beside the others. @returns false: the store cannot be written */
export function keepSetup(device: Device, part: Setup, numbers: Float64Array): boolean {
  if (device.records === undefined) return false;
  const parts: Float64Array[] = [];
  for (let k = 0; k < Setup.length; k++) {
    const kept = k === part ? numbers : setupPart(device, k);
    parts.push(kept === undefined ? new Float64Array(0) : kept);
  }
  // Twice: what was before cannot come back.
  return keepParts(device.records, Kind.Setup, parts) && keepParts(device.records, Kind.Setup, parts);
}
