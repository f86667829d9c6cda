/**
 * Puts firmware into a board's flash, over whatever wire, so that there is no moment at which an interruption leaves a board that
 * looks fine and is not:
 *
 * 1. the slot that does not run loses its manifest, takes the new files, and what the device has of them is compared;
 * 2. one line with its checksum, which the device runs whole or not at all, makes them count: it writes the manifest (and the
 *    configuration, and the boot code where that differs);
 * 3. the device starts, and what it says of its self-test is waited for.
 */
import {
  bySeniority,
  isMarked,
  KEPT_CONFIG,
  MANIFEST,
  Mark,
  readSlot,
  SLOTS,
  type Slot,
  type SlotFile,
} from '../../firmware/loader/slots';
import { CONFIG_FILE } from '../../firmware/loader/choose';
import type { Port } from '../link/port';
import type { BuildResult, OnProgress } from '../results/types';
import { openConsole, type Interpreter } from './openConsole';
import { Conversation, ConversationError } from './conversation';
import { createManifest, crcOf, readBack, readManifests, STORAGE, type DeviceFile } from './deviceFiles';
import { loaderCode } from './loader';
import { makeRoom } from './room';
import { startReport, type StartReport } from './startReport';
import { uploadFiles } from './uploadTool';

export type Built = Pick<BuildResult, 'board' | 'version' | 'hash' | 'code' | 'parts'>;

export interface FlashJob {
  /** Or what makes it for the kind of board that the firmware on the device is for; undefined: there is none. */
  built: Built | ((kind: string | undefined) => Promise<Built>);
  /** What becomes `caldera.json`, ASCII; undefined: what is there stays. */
  config?: string;
  /** 64 hexadecimal digits, for a device whose console is closed. */
  key?: string;
  /** How long the device may take to say how its self-test went. Default: 30 s. */
  report_s?: number;
}

export interface FlashResult {
  interpreter: Interpreter;
  board: string;
  version: string;
  hash: string;
  slot: 'a' | 'b';
  /** As the device has them. */
  files: (DeviceFile & { uploaded: boolean })[];
  /** Whether the boot code was written. */
  loader: boolean;
  config: boolean;
  /** There was no room for two firmwares: there is nothing to go back to. */
  alone: boolean;
  start: StartReport;
}

const BOOT_CODE = '.bootcde';
/** What was sent may lie in buffers on the way: a UART takes 11 characters a millisecond, a PC's interpreter fewer from a pipe. */
const SETTLE_MS = 10_000;
const SLOWEST_BYTES_MS = 2;
/** Where they wait until all is there. */
const NEW_LOADER = 'caldera-loader';
const NEW_CONFIG = 'caldera-config';

/** @throws ConversationError saying what became of the upload, and what to do; InputError */
export async function flashDevice(
  port: Port,
  job: FlashJob,
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<FlashResult> {
  const device = new Conversation(port);
  onProgress(0, 'who is there');
  const interpreter = await openConsole(device, port, job.key);
  const slots = bySeniority(await readManifests(device)).filter((one) => one !== undefined);
  const built = typeof job.built === 'function' ? await job.built(slots[0]?.label.split(' ')[0]) : job.built;
  const plan = await makePlan(device, slots, built, job.config);
  const uploaded = await upload(device, plan, onProgress, signal).catch((error: unknown) => {
    if (signal?.aborted) throw signal.reason;
    throw new ConversationError(`${(error as Error).message}; ${plan.fallback}`);
  });
  onProgress(0.9, 'making it count');
  await commit(device, plan).catch((error: unknown) => {
    throw new ConversationError(`${(error as Error).message}; ${UNKNOWN}`);
  });
  onProgress(0.92, 'the device starts');
  const report_s = job.report_s ?? 30;
  const start = await startReport(device, interpreter, plan.label, plan.slot, report_s).catch((error: unknown) => {
    throw new ConversationError(`the firmware is in flash and verified, but: ${(error as Error).message}`);
  });
  return {
    interpreter,
    board: built.board,
    version: built.version,
    hash: built.hash,
    slot: plan.slot[0] as 'a' | 'b',
    files: uploaded,
    loader: plan.needed[NEW_LOADER] !== undefined,
    config: job.config !== undefined,
    alone: plan.alone,
    start,
  };
}

const UNKNOWN = 'whether the new firmware starts at the next reset is not known: type the same command again';
const WITHOUT_FIRMWARE = 'the board has no firmware now: type the same command again';

interface Plan {
  /** Prefix of the slot that is written, and of the one that is not. */
  slot: string;
  other: string;
  label: string;
  manifest: { text: string; bytes: number };
  /** All that must be there, by names on the device, and those of them that are to be sent. */
  files: Readonly<Record<string, string>>;
  needed: Readonly<Record<string, string>>;
  /** There is not even boot code. */
  isBlank: boolean;
  /** There is no room for two firmwares: the one before is erased already. */
  alone: boolean;
  /** What holds if it ends before all is there. */
  fallback: string;
}

async function makePlan(
  device: Conversation,
  slots: readonly Slot[],
  built: Built,
  config: string | undefined,
): Promise<Plan> {
  const kept = await worthKeeping(device, slots);
  const slot = kept?.prefix === SLOTS[0] ? SLOTS[1]! : SLOTS[0]!;
  const other = slot === SLOTS[0] ? SLOTS[1]! : SLOTS[0]!;
  const firmware = { main: built.code, ...built.parts };
  const label = `${built.board} ${built.version} ${built.hash}`;
  const loader = await loaderCode();
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(firmware)) files[slot + name] = text;
  if (config !== undefined) files[NEW_CONFIG] = config;
  const there = await readBack(device, [...Object.keys(files), BOOT_CODE]);
  if (!isSame(there.get(BOOT_CODE), loader)) files[NEW_LOADER] = loader;
  const isBlank = !there.has(BOOT_CODE);
  return {
    slot,
    other,
    label,
    manifest: createManifest(1 + Math.max(0, ...slots.map(({ order }) => order)), label, firmware),
    files,
    needed: Object.fromEntries(Object.entries(files).filter(([name, text]) => !isSame(there.get(name), text))),
    isBlank,
    alone: false,
    fallback:
      kept !== undefined || !isBlank
        ? 'the firmware that was on the board is untouched and starts again at the next reset; type the same command again'
        : WITHOUT_FIRMWARE,
  };
}

/** The firmware that must not be overwritten: one that has proved itself, else one that is whole, the newer first. */
async function worthKeeping(device: Conversation, slots: readonly Slot[]): Promise<Slot | undefined> {
  const whole: Slot[] = [];
  for (const slot of slots) {
    const there = await readBack(
      device,
      slot.files.map(([name]) => slot.prefix + name),
    );
    const isThere = ([name, bytes, crc32]: SlotFile): boolean => {
      const file = there.get(slot.prefix + name);
      return file?.bytes === bytes && file.crc32 === crc32;
    };
    if (slot.files.every(isThere)) whole.push(slot);
  }
  const proven = whole.find((slot) => isMarked(slot, Mark.confirmed) && !isMarked(slot, Mark.rejected));
  return proven ?? whole[0];
}

function isSame(file: DeviceFile | undefined, text: string): boolean {
  return file !== undefined && file.bytes === text.length && file.crc32 === crcOf(text);
}

async function upload(
  device: Conversation,
  plan: Plan,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<FlashResult['files']> {
  await eraseStale(device, plan);
  // The configuration is written again when it counts, and the one before it kept, taken for as long.
  const config = plan.files[NEW_CONFIG] ?? '';
  plan.alone = await makeRoom(
    device,
    [...Object.values(plan.needed), config, config],
    () => eraseSlot(device, plan.other),
    onProgress,
  );
  if (plan.alone) plan.fallback = WITHOUT_FIRMWARE;
  const missing: Record<string, string> = { ...plan.needed };
  if (plan.isBlank) {
    // A board with nothing on it can say what is missing as soon as it has its boot code.
    await send(device, { [NEW_LOADER]: missing[NEW_LOADER]! }, () => undefined, signal);
    await device.evaluate(installLoader(STORAGE), 30_000);
    delete missing[NEW_LOADER];
  }
  await send(device, missing, onProgress, signal);
  onProgress(0.87, 'reading back');
  const names = Object.keys(plan.files).filter((name) => !plan.isBlank || name !== NEW_LOADER);
  const there = await readBack(device, names);
  mustBeThere(plan.files, names, there);
  return names
    .filter((name) => name.startsWith(plan.slot))
    .map((name) => ({ ...there.get(name)!, uploaded: plan.needed[name] !== undefined }));
}

/** Each pass sends what is not there yet, slower than the one before. */
async function send(
  device: Conversation,
  files: Readonly<Record<string, string>>,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  let missing = { ...files };
  let there = new Map<string, DeviceFile>();
  for (const pace of [device.fast ? 'fast' : 'steady', 'steady', 'slow'] as const) {
    if (Object.keys(missing).length === 0) return;
    if (there.size > 0) await eraseSpoilt(device, missing, onProgress);
    await uploadFiles(device, {
      files: missing,
      pace,
      onProgress: (fraction) =>
        onProgress(0.05 + 0.8 * fraction, fraction < 1 ? `upload (${pace})` : 'the device writes'),
      ...(signal && { signal }),
    });
    // In turn after what was sent; where a line never ended nothing answers.
    const settle_ms = SETTLE_MS + totalBytes(missing) / SLOWEST_BYTES_MS;
    if ((await device.tryEvaluate('1', settle_ms)) === undefined) await device.breakOff();
    there = await readBack(device, Object.keys(missing));
    missing = Object.fromEntries(Object.entries(missing).filter(([name, text]) => !isSame(there.get(name), text)));
  }
  mustBeThere(files, Object.keys(missing), there);
}

/** What did not arrive as it was sent must not take room twice. */
async function eraseSpoilt(
  device: Conversation,
  files: Readonly<Record<string, string>>,
  onProgress: OnProgress,
): Promise<void> {
  await device.evaluate(`${JSON.stringify(Object.keys(files))}.forEach(function(n){${STORAGE}.erase(n)})`);
  await makeRoom(device, Object.values(files), () => Promise.resolve(), onProgress);
}

function mustBeThere(
  files: Readonly<Record<string, string>>,
  names: readonly string[],
  there: ReadonlyMap<string, DeviceFile>,
): void {
  const wrong = names.filter((name) => !isSame(there.get(name), files[name]!));
  if (wrong.length > 0)
    throw new ConversationError(`not in the device's flash as it was sent, in three attempts: ${wrong.join(', ')}`);
}

/** An expression of the device; a second time it does nothing. */
const installLoader = (storage: string): string =>
  `(function(s){var l=s.read("${NEW_LOADER}");if(l){s.write("${BOOT_CODE}",l);s.erase("${NEW_LOADER}")}return 1})(${storage})`;

/** First of all the manifest: what is left of the slot counts no more. What is there already stays. */
async function eraseStale(device: Conversation, { slot, files, needed }: Plan): Promise<void> {
  const keep = Object.keys(files).filter((name) => needed[name] === undefined);
  await device.evaluate(
    `(function(s,keep){s.erase("${slot + MANIFEST}");s.list().forEach(function(n){` +
      `if((n.substr(0,2)=="${slot}"||n=="${NEW_LOADER}"||n=="${NEW_CONFIG}")&&keep.indexOf(n)<0)s.erase(n)})})` +
      `(${STORAGE},${JSON.stringify(keep)})`,
  );
}

async function eraseSlot(device: Conversation, prefix: string): Promise<void> {
  await device.evaluate(
    `(function(s){s.erase("${prefix + MANIFEST}");s.list().forEach(function(n){if(n.substr(0,2)=="${prefix}")s.erase(n)})})(${STORAGE})`,
  );
}

const totalBytes = (files: Readonly<Record<string, string>>): number =>
  Object.values(files).reduce((sum, text) => sum + text.length, 0);

/** The one step that makes the new firmware count; a second time it changes nothing. */
async function commit(device: Conversation, plan: Plan): Promise<void> {
  const q = JSON.stringify;
  const steps = [];
  if (plan.files[NEW_CONFIG] !== undefined)
    steps.push(
      // For the firmware before it, should this one fail: nothing as `null`.
      `var c=s.read(${q(NEW_CONFIG)});if(c){s.write(${q(plan.other + KEPT_CONFIG)},s.read(${q(CONFIG_FILE)})||"null");`,
      `s.write(${q(CONFIG_FILE)},c);s.erase(${q(NEW_CONFIG)})}`,
    );
  else steps.push(`s.erase(${q(plan.other + KEPT_CONFIG)});`);
  steps.push(`s.write(${q(plan.slot + MANIFEST)},${q(plan.manifest.text)},0,${plan.manifest.bytes});`);
  const loader = plan.files[NEW_LOADER];
  if (loader !== undefined && !plan.isBlank) steps.push(`${installLoader('s')};`);
  await device.evaluate(`(function(s){${steps.join('')}return 1})(${STORAGE})`, 30_000);
  const slot = readSlot(await readManifests(device), plan.slot);
  if (slot === undefined || isMarked(slot, Mark.rejected))
    throw new ConversationError('the manifest is not in flash as it was sent');
  if (loader !== undefined) {
    const there = await readBack(device, [BOOT_CODE]);
    if (!isSame(there.get(BOOT_CODE), loader))
      throw new ConversationError('the boot code is not in flash as it was sent');
  }
}
