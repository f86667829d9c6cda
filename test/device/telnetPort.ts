/** The one TCP port that the interpreter knows: whoever uses it has it alone, in whatever process. */
import * as net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export const TELNET_PORT = 2323;
/** Held meanwhile: it ends with the process that holds it. */
const TURN_PORT = 23231;
const PATIENCE_MS = 280_000;

/** Waits for its turn. @throws where something else has the port @returns what ends it */
export async function takeTurn(): Promise<() => Promise<void>> {
  const turn = await listenOn(TURN_PORT);
  const end = (): Promise<void> => new Promise((resolve) => turn.close(() => resolve()));
  try {
    const server = await listenOn(TELNET_PORT);
    await new Promise((resolve) => server.close(resolve));
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}

export async function atTelnetPort<Result>(use: () => Promise<Result>): Promise<Result> {
  const end = await takeTurn();
  try {
    return await use();
  } finally {
    await end();
  }
}

async function listenOn(port: number): Promise<net.Server> {
  for (const began_ms = Date.now(); ; await delay(200)) {
    const server = net.createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (free) return server;
    if (Date.now() - began_ms > PATIENCE_MS) throw new Error(`TCP port ${port} stays in use`);
  }
}
