import * as net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, partFiles } from '../../sim/build/build';
import { saveToFlash } from '../../sim/hil/flash';
import { hil } from '../../sim/hil/hil';
import { Console } from '../../sim/hil/port/console';
import { PortDevice } from '../../sim/hil/port/portDevice';
import { replay } from '../../sim/hil/port/replay';
import { pickScenarios } from '../../sim/hil/suite';
import { openPort } from '../../sim/link/port';
import type { BuildResult } from '../../sim/results/types';
import { interpreter, onDevice } from './interpreter';
import { TELNET, TelnetBoard } from './telnet';
import { takeTurn } from './telnetPort';

const SHORT = ['voltage stuck high', 'over-temperature opens'];

/** The console alone, with the firmware in flash: as a board on a serial line. */
onDevice('hil over a console', () => {
  const port = TELNET;
  let board: TelnetBoard;
  let built: BuildResult;
  let endTurn: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    endTurn = await takeTurn();
    board = new TelnetBoard();
    built = await build({ board: 'cycler' });
    // As the loader of two slots leaves it.
    await saveToFlash(interpreter, board.folder, {
      '.bootcde': 'global.calderaSlot="a-";eval(require("Storage").read("a-main"));',
      'a-main': built.code,
      ...partFiles(built, 'a-'),
    });
    await board.start();
  }, 320_000);
  afterAll(async () => {
    await board?.stop();
    await endTurn?.();
  });

  async function ask(expression: string): Promise<string> {
    const console = new Console(await openPort(port));
    try {
      await console.wake(20_000);
      return await console.evaluate(expression);
    } finally {
      await console.close();
    }
  }
  const isItself = '[typeof hil,process.env.BOARD,typeof caldera,require("Storage").list().indexOf("hil-pace")].join()';

  it('gives the verdicts of the simulator, with cost and memory, and the device back as it was', async () => {
    const report = await hil({ port, scenarios: SHORT });
    expect(report.scenarios.filter(({ pass }) => !pass)).toEqual([]);
    expect(report.passed).toBe(SHORT.length);
    for (const { worst_leibniz, mean_leibniz, memory } of report.scenarios) {
      expect(mean_leibniz).toBeGreaterThan(20);
      expect(worst_leibniz).toBeGreaterThan(mean_leibniz);
      expect(memory!.board.booted).toBeGreaterThan(memory!.booted);
    }
    expect(await ask(isItself)).toBe('undefined,LINUX,object,-1');
  });

  it('runs every tick at its time', async () => {
    const report = await hil({ port, realtime: true, scenarios: ['voltage stuck high'] });
    expect(report.scenarios).toMatchObject([{ pass: true }]);
    expect(report.scenarios[0]!.worstLate_ms).toBeGreaterThan(0);
    expect(report.scenarios[0]!.meanLate_ms).toBeLessThan(100);
  });

  it('names tick, time and request or number of the first difference', async () => {
    const [scenario] = pickScenarios(['voltage stuck high']);
    const device = await PortDevice.open(port, built);
    try {
      // The simulator's copy has another limit than the device is told.
      const config = { ...scenario!.config, limits: { ...scenario!.config.limits, overVoltage_mV: 4400 } };
      const told = { ...scenario!, config };
      const itself = Object.create(device, {
        prepare: { value: () => device.prepare({ 'caldera.json': JSON.stringify(config) }) },
      }) as PortDevice;
      expect((await replay(told, built, device)).divergence).toBeUndefined();
      const { divergence } = await replay(scenario!, built, itself);
      expect(divergence).toMatch(/^tick \d+ at [\d.]+ ms, (request \d+|caldera\.bms\.\S+): Node: .*; device: /);
    } finally {
      await device.close();
    }
  });

  it('refuses a device with another build', async () => {
    const another = { ...built, code: `${built.code} ` };
    await expect(PortDevice.open(port, another)).rejects.toThrow(
      /a-main is another; flash it with: caldera flash --board cycler --port/,
    );
    await ask('1');
  });

  it('keeps what has passed when the board is gone, hangs or restarts, and says so in one line', async () => {
    const ways = {
      'the connection is gone': (wire: Wire) => wire.cut(),
      'the device did not answer in \\d+ s': (wire: Wire) => wire.block(),
      'the device has restarted by itself': () => void board.reset(),
    };
    for (const [says, happens] of Object.entries(ways)) {
      const wire = await Wire.to(port);
      try {
        const report = await hil({ port: wire.port, scenarios: SHORT, onScenario: () => happens(wire) });
        expect(report).toMatchObject({ passed: 1, failed: 0 });
        expect(report.lost).toMatch(new RegExp(`^${wire.port}: ${says}.*$`));
      } finally {
        wire.close();
        await board.reset();
      }
    }
  });

  it('a reset drops what stood in for the hardware, whenever the tester goes', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 3000);
    await hil({ port, scenarios: ['over-temperature opens'] }, undefined, controller.signal);
    expect(await ask(isItself)).toBe('undefined,LINUX,object,-1');
    const device = await PortDevice.open(port, built);
    await device.prepare({});
    expect(await ask('typeof hil')).toBe('object');
    await board.reset();
    expect(await ask('[typeof hil,process.env.BOARD].join()')).toBe('undefined,LINUX');
  });
});

/** A cable that can be cut, or that suddenly carries nothing. Its near end stays while the board restarts, as a USB adapter's does. */
class Wire {
  private isOpen = true;
  private isBlocked = false;
  private near: net.Socket | undefined;
  private far: net.Socket | undefined;
  private constructor(
    private readonly server: net.Server,
    private readonly board: { host: string; port: number },
  ) {
    server.on('connection', (near) => {
      this.near = near.on('error', () => undefined);
      near.on('data', (bytes) => this.isBlocked || this.far?.write(bytes));
      near.on('close', () => this.far?.destroy());
      this.reach();
    });
  }

  static async to(port: string): Promise<Wire> {
    const { hostname, port: number } = new URL(port);
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Wire(server, { host: hostname, port: Number(number) });
  }

  get port(): string {
    return `tcp://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  cut(): void {
    this.isOpen = false;
    this.near?.destroy();
  }

  block(): void {
    this.isBlocked = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  /** Until the board is there. */
  private reach(): void {
    if (!this.isOpen || this.near?.destroyed) return;
    this.far = net.connect(this.board);
    this.far.on('error', () => undefined);
    this.far.on('data', (bytes) => this.isBlocked || this.near?.write(bytes));
    this.far.on('close', () => setTimeout(() => this.reach(), 50));
  }
}
