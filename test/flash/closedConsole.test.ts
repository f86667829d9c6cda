/** A board whose console is closed opens it to who has the key: the firmware runs on Node, the interpreter behind it is real. */
import * as net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Board } from './board';
import { flash } from './rig';
import { standIn } from './standIn';
import { onDevice } from '../device/interpreter';
import { DeviceServer } from '../link/deviceServer';
import { KEY } from '../service/onNode';

let board: Board;
let firmware: DeviceServer;
let wire: net.Server;
let port = '';

beforeEach(async () => {
  board = new Board();
  board.start();
  firmware = await new DeviceServer().listen();
  let isOpen = false;
  firmware.served.fake.target.update = () => {
    isOpen = true;
    return '';
  };
  wire = net.createServer((socket) => {
    const closed = net.connect(Number(new URL(firmware.name).port), '127.0.0.1');
    const stop = board.onSaid((bytes) => void (isOpen && socket.write(bytes)));
    closed.on('data', (bytes: Buffer) => socket.write(bytes)).on('error', () => undefined);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => (isOpen ? board.type(bytes.toString('latin1')) : closed.write(bytes)));
    socket.on('close', () => {
      stop();
      closed.destroy();
    });
  });
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
  port = `tcp://127.0.0.1:${(wire.address() as net.AddressInfo).port}`;
});

afterEach(async () => {
  wire.close();
  firmware.close();
  await board.stop();
});

onDevice('a closed console', () => {
  test('asks for the key', async () => {
    await expect(flash(port, { built: await standIn(1) })).rejects.toThrow(
      /no interpreter's console answers.*give its key by --key-file FILE/,
    );
  });

  test('refuses another key, and opens to its own', async () => {
    const built = await standIn(1);
    await expect(flash(port, { built, key: '0'.repeat(64) })).rejects.toThrow(
      /--key-file: the device does not open its console: refused/,
    );
    const { start } = await flash(port, { built, key: KEY });
    expect(start).toMatchObject({ asFlashed: true, selfTest: 'ready' });
  });
});
