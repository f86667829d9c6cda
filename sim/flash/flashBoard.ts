/** `caldera flash`: builds the firmware, puts it on the board at a port, and says what the board says. */
import { asciiJson } from './asciiJson';
import { loadProduct } from '../boards/read';
import { build } from '../build/build';
import { InputError } from '../errors';
import { DeviceLink } from '../link/deviceLink';
import { openPort, type Port } from '../link/port';
import { uploadConfiguration } from '../link/upload';
import type { OnProgress } from '../results/types';
import { readKeyFile } from '../service/keyFile';
import { flashDevice, type FlashResult } from './flash';

export interface FlashOptions {
  /** `tcp://host:port`, or a serial port. */
  port: string;
  /** What the firmware is built for; undefined: what the configuration is for, else the firmware on the board. */
  board?: string;
  /** A built-in board, or a FILE.json; undefined: the configuration on the board stays. */
  config?: string;
  /** Closes the interpreter's console (docs/authorisation.md). */
  production: boolean;
  /** Path of a file with the commissioning key, 64 hexadecimal digits. */
  keyFile?: string;
}

/**
 * @throws InputError for what can be seen beforehand; ConversationError, with what became of the board, for what goes wrong on
 * the way
 */
export async function flashBoard(
  options: FlashOptions,
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<FlashResult> {
  const key = options.keyFile === undefined ? undefined : readKeyFile(options.keyFile);
  const product = options.config === undefined ? undefined : loadProduct(options.config);
  const ofProduct = product && (product.kind === 'cycler' ? 'cycler' : 'drone-6s');
  const board = options.board ?? ofProduct;
  if (ofProduct !== undefined && board !== ofProduct)
    throw new InputError(`--board: '${board}' does not go with --config ${options.config}; allowed: ${ofProduct}`);
  const make = (kind = 'cycler'): ReturnType<typeof build> => build({ board: kind, production: options.production });
  const built = board === undefined ? make : await make(board);
  const port = await openPort(options.port);
  try {
    const job = { built, ...(key !== undefined && { key }) };
    // A device with a key takes only a configuration that was authorised with it.
    if (product === undefined) return await flashDevice(port, job, onProgress, signal);
    if (key === undefined)
      return await flashDevice(port, { ...job, config: asciiJson(product.config) }, onProgress, signal);
    const result = await flashDevice(port, job, onProgress, signal);
    if (result.start.asFlashed) await configure(port, product.config, key);
    return { ...result, config: result.start.asFlashed };
  } finally {
    await port.close();
  }
}

async function configure(port: Port, config: object, key: string): Promise<void> {
  const link = await DeviceLink.over({ ...port, close: () => Promise.resolve() });
  await uploadConfiguration(link, config, key);
}
