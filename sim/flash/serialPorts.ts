/** Serial ports of this machine, and whether this user may use them. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Adapters and boards on USB. Ports without anything behind them (`ttyS0` to `ttyS31`) are left out. */
const USB_PORT = /^tty(USB|ACM|WCHUSB|CH343USB)\d+$/;

export interface SerialPortAccess {
  path: string;
  allowed: boolean;
  /** Whom the port belongs to besides root, such as `dialout`; '' where that is nobody. */
  group: string;
}

/** The parts of this machine that are asked. */
export interface Machine {
  platform: NodeJS.Platform;
  devices: string;
  groups: string;
  /** Throws where this user may not read and write the file. */
  tryAccess: (file: string) => void;
}

const THIS: Machine = {
  platform: process.platform,
  devices: '/dev',
  groups: '/etc/group',
  tryAccess: (file) => fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK),
};

/**
 * Looks into the folder of devices itself on Linux, because the library asks udevadm, which a small system lacks.
 * @throws what the library throws
 */
export async function serialPorts(machine: Machine = THIS): Promise<SerialPortAccess[]> {
  if (machine.platform !== 'linux') {
    const { SerialPort } = await import('serialport');
    const ports = await SerialPort.list();
    return ports.map((port) => ({ path: port.path, allowed: true, group: '' }));
  }
  return fs
    .readdirSync(machine.devices)
    .filter((name) => USB_PORT.test(name))
    .sort()
    .map((name) => accessOf(path.join(machine.devices, name), machine));
}

function accessOf(file: string, machine: Machine): SerialPortAccess {
  let allowed = true;
  try {
    machine.tryAccess(file);
  } catch {
    allowed = false;
  }
  return { path: file, allowed, group: groupName(fs.statSync(file).gid, machine.groups) };
}

function groupName(id: number, groups: string): string {
  if (id === 0) return '';
  try {
    const lines = fs.readFileSync(groups, 'utf8').split('\n');
    return lines.find((line) => line.split(':')[2] === String(id))?.split(':')[0] ?? String(id);
  } catch {
    return String(id);
  }
}
