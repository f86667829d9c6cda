/** Gets at a device's interpreter: its console may be closed, its firmware may run, a line may be left unfinished. */
import { InputError } from '../errors';
import { DeviceLink } from '../link/deviceLink';
import type { Port } from '../link/port';
import { authorise } from '../service/authorise';
import { ConversationError, type Conversation } from './conversation';

export interface Interpreter {
  /** As it calls itself: `ESP32`, `LINUX`. */
  board: string;
  version: string;
}

/** Four times that: a board that resets when its port is opened starts its firmware meanwhile. */
const ANSWER_MS = 2000;
/** Longer than the slowest upload takes. */
const ALONE_MS = 600_000;
/** The oldest that the firmware was tried on. */
const OLDEST = [2, 29] as const;

/**
 * Stops the firmware, and sees to it that the watchdog it started resets nothing.
 * @throws ConversationError when nothing answers; InputError when it takes a key
 */
export async function openConsole(device: Conversation, port: Port, key: string | undefined): Promise<Interpreter> {
  if (!(await answers(device, key === undefined))) {
    if (key === undefined)
      throw new ConversationError(
        `${port.name}: no interpreter's console answers. Is this the board's port, at 115200 baud, and does no other program use it? Of a production build the console is closed: give its key by --key-file FILE`,
      );
    await openByKey(port, key);
    if (!(await answers(device, true)))
      throw new ConversationError(`${port.name}: the update was authorised, but the console does not open`);
  }
  const interpreter = (await device.evaluate('{board:process.env.BOARD,version:process.env.VERSION}')) as Interpreter;
  const [major = 0, minor = 0] = interpreter.version.split(/[v.]/).map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new ConversationError(
      `${port.name}: the board runs Espruino ${interpreter.version}; the firmware needs ${OLDEST.join('v')} or later (docs/flashing.md says how to install it)`,
    );
  // In one line: the firmware that stops kicks the watchdog no more, from now on the interpreter does.
  device.write('\x1b[2H\x10E.enableWatchdog(60,true);reset();\n');
  await device.pause(300);
  if (!(await answers(device, true)))
    throw new ConversationError(`${port.name}: the board does not come back from a reset`);
  // A board that is left alone in the middle starts the firmware that it has.
  await device.evaluate(`setTimeout(function(){${restart(interpreter)}},${ALONE_MS})`);
  return interpreter;
}

async function answers(device: Conversation, patient: boolean): Promise<boolean> {
  if (await answersOnce(device)) return true;
  if (!patient) return false;
  if (await answersOnce(device)) return true;
  await device.breakOff();
  return (await answersOnce(device)) || (await answersOnce(device));
}

async function answersOnce(device: Conversation): Promise<boolean> {
  return (await device.tryEvaluate('6*7', ANSWER_MS))?.value === 42;
}

/** What starts the device anew. A PC's interpreter ends when it is told to reboot. */
export function restart({ board }: Interpreter): string {
  return board === 'LINUX' ? 'load()' : 'E.reboot()';
}

/** Asks the firmware to open its console. */
async function openByKey(port: Port, key: string): Promise<void> {
  const link = await DeviceLink.over({ ...port, close: () => Promise.resolve() });
  const answer = await authorise((line) => link.request(line), 'update', key);
  if (!answer.startsWith('ok')) throw new InputError(`--key-file: the device does not open its console: ${answer}`);
}
