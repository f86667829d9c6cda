/**
 * Uploads files with Espruino's own command-line tool (npm `espruino`), as a child process.
 *
 * What it does of itself and is kept from (0.1.67): it fetches a description of the board and modules from the Internet (a local
 * description, no addresses for modules), searches for Bluetooth devices (`--no-ble`), sends 19 bytes at a time with pauses of 50 ms
 * to anything that is no USB (SERIAL_THROTTLE_SEND), waits 250 ms after each 384 bytes of a file (STORAGE_UPLOAD_METHOD), resets the
 * board and runs what it sent. It lists serial ports by udevadm and opens none that is not listed, a pseudo-terminal for one; and each
 * time it opens a port many boards reset. So it is given a bridge to the connection that is open already. It exits with 0 whatever
 * happens: only what is read back counts.
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { openBridge } from './bridge';
import { ConversationError, type Conversation } from './conversation';

const INTERPRETER_MODULES = ['Storage', 'Flash', 'crypto', 'fs', 'net', 'http', 'Wifi'];
/** Longer than a whole upload takes at the slowest: 19 bytes each 50 ms. */
const TIMEOUT_MS = 9 * 60_000;
/** Characters sent for each byte of a file: four of base64 for three bytes, and the call around each 384 bytes. */
const SENT_PER_BYTE = 1.5;

/** How much the tool waits: not at all, after each 384 bytes, after each 19 bytes. */
type Pace = 'fast' | 'steady' | 'slow';

export interface Upload {
  files: Readonly<Record<string, string>>;
  pace: Pace;
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
}

/** Whether all of it arrived must be asked of the device. @throws ConversationError when the connection is lost or the tool does not run */
export async function uploadFiles(device: Conversation, upload: Upload): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-flash-'));
  const expected = SENT_PER_BYTE * Object.values(upload.files).reduce((sum, text) => sum + text.length, 0);
  let sent = 0;
  const bridge = await openBridge(device, (bytes) => {
    sent += bytes;
    upload.onProgress?.(Math.min(1, sent / expected));
  });
  try {
    await runTool(device, [...options(bridge.port, upload.pace), ...storage(folder, upload.files)], upload.signal);
  } finally {
    await bridge.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function options(port: string, pace: Pace): string[] {
  const config = {
    MODULE_URL: '',
    RESET_BEFORE_SEND: false,
    // As it is: the code that is sent holds the names and places of the files already.
    SAVE_ON_SEND: -1,
    SERIAL_THROTTLE_SEND: pace === 'slow' ? 1 : 2,
    STORAGE_UPLOAD_METHOD: pace === 'fast' ? 1 : 0,
  };
  return [
    ...['--port', port, '--no-ble', '-b', '115200', '--board', 'board.json'],
    ...Object.entries(config).flatMap(([name, value]) => ['--config', `${name}=${value}`]),
  ];
}

/** The files on this machine, and the tool's options that name them; its board description beside them. */
function storage(folder: string, files: Readonly<Record<string, string>>): string[] {
  fs.writeFileSync(
    path.join(folder, 'board.json'),
    JSON.stringify({ info: { builtin_modules: INTERPRETER_MODULES, binary_version: '2v29' } }),
  );
  fs.writeFileSync(path.join(folder, 'end.js'), '\n');
  const named = Object.entries(files).flatMap(([name, text], index) => {
    fs.writeFileSync(path.join(folder, `file${index}`), text, 'latin1');
    return ['--storage', `${name}:file${index}`];
  });
  return [...named, path.join(folder, 'end.js')];
}

function runTool(device: Conversation, args: string[], signal: AbortSignal | undefined): Promise<void> {
  const cli = createRequire(__filename).resolve('espruino/bin/espruino-cli.js');
  return new Promise((resolve, reject) => {
    const folder = path.dirname(args.at(-1)!);
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const hear = (bytes: Buffer): void => void (said = (said + bytes.toString('latin1')).slice(-4000));
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const stop = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(stop, TIMEOUT_MS);
    // It waits for ever for a device that is gone.
    const watch = setInterval(() => device.lostBecause !== undefined && stop(), 100);
    signal?.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => reject(new ConversationError(`the espruino tool does not run: ${error.message}`)));
    child.on('close', (code) => {
      clearTimeout(timer);
      clearInterval(watch);
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(signal.reason);
      else if (device.lostBecause !== undefined)
        reject(new ConversationError(`the connection is lost: ${device.lostBecause}`));
      else if (code !== 0) reject(new ConversationError(`the espruino tool ended with ${code}: ${lastLine(said)}`));
      else resolve();
    });
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
