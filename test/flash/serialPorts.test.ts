import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serialPorts, type Machine } from '../../sim/flash/serialPorts';

let machine: Machine;

beforeEach(() => {
  const devices = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-dev-'));
  machine = { platform: 'linux', devices, groups: path.join(devices, 'group'), tryAccess: () => undefined };
});

afterEach(() => fs.rmSync(machine.devices, { recursive: true }));

const plugIn = (name: string): void => fs.writeFileSync(path.join(machine.devices, name), '');

test('finds boards and leaves out ports with nothing behind them', async () => {
  for (const name of ['ttyUSB1', 'ttyACM0', 'ttyS0', 'tty7', 'null']) plugIn(name);
  const found = await serialPorts(machine);
  expect(found.map((port) => [path.basename(port.path), port.allowed])).toEqual([
    ['ttyACM0', true],
    ['ttyUSB1', true],
  ]);
});

test('tells a port that this user may not open, and whose it is', async () => {
  plugIn('ttyUSB0');
  const file = path.join(machine.devices, 'ttyUSB0');
  const { gid } = fs.statSync(file);
  fs.writeFileSync(machine.groups, `root:x:0:\ndialout:x:${gid}:somebody\n`);
  machine.tryAccess = () => {
    throw new Error('EACCES');
  };
  expect(await serialPorts(machine)).toEqual([{ path: file, allowed: false, group: gid === 0 ? '' : 'dialout' }]);
});
