import { createRequire } from 'node:module';
import type { Command } from 'commander';
import { serialPorts, type SerialPortAccess } from '../../flash/serialPorts';
import { findInterpreter, interpreterVersion } from '../../hil/interpreter';
import { toPng } from '../../picture/png';
import type { Context } from '../context';
import { howToGetInterpreter } from '../interpreter';
import { printJson } from '../output';
import { formatTable } from '../table';

const load = createRequire(__filename);
const SERIAL = 'flash, monitor, hil over a serial port';
const reinstall = 'npm ci (or npm install) with optional dependencies';

interface Check {
  name: string;
  found: boolean;
  /** Version or place; what is wrong where it was not found. */
  detail: string;
  neededFor: string;
  /** Null where it was found. */
  howToGet: string | null;
}

export function addDoctor(program: Command, context: Context): void {
  program
    .command('doctor')
    .description(
      'Says what is installed, what is missing for which command and how to get it; exits 1 when Node.js is too old.',
    )
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera doctor')
    .action(async (flags: { json?: boolean }) => {
      const checks = [
        node(),
        interpreter(),
        pictures(),
        uploadTool(),
        redis(),
        duckDb(),
        serialDriver(),
        ...(await ports()),
      ];
      if (!checks[0]!.found) context.exitCode = 1;
      if (flags.json) printJson(context.terminal, { version: context.version, checks });
      else context.terminal.stdout(describe(checks, context.version));
    });
}

function check(
  name: string,
  neededFor: string,
  howToGet: string,
  look: () => { found: boolean; detail: string },
): Check {
  let seen: { found: boolean; detail: string };
  try {
    seen = look();
  } catch (error) {
    seen = { found: false, detail: (error as Error).message.split('\n')[0]! };
  }
  return { name, ...seen, neededFor, howToGet: seen.found ? null : howToGet };
}

function node(): Check {
  return check('Node.js 20.19 or later', 'everything', 'https://nodejs.org', () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    return { found: major > 20 || (major === 20 && minor >= 19), detail: process.versions.node };
  });
}

function interpreter(): Check {
  return check('Espruino interpreter for this machine', 'hil, device tests', howToGetInterpreter, () => {
    const file = findInterpreter();
    if (file === undefined) return { found: false, detail: 'not in $ESPRUINO, no espruino-linux on PATH' };
    const version = interpreterVersion(file);
    return version === null
      ? { found: false, detail: `${file} does not run as an Espruino interpreter` }
      : { found: true, detail: `${version} at ${file}` };
  });
}

/** Draws a picture, so that the native renderer and the font are tried and not only looked for. */
function pictures(): Check {
  return check('PNG renderer and font', 'PNG pictures (SVG needs neither)', reinstall, () => {
    toPng('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><text y="8">a</text></svg>');
    return { found: true, detail: `resvg-js ${versionOf('@resvg/resvg-js')}` };
  });
}

const versionOf = (name: string): string => (load(`${name}/package.json`) as { version: string }).version;

function uploadTool(): Check {
  return check('espruino upload tool', 'flash', 'npm ci', () => ({ found: true, detail: versionOf('espruino') }));
}

function redis(): Check {
  const needed = 'sweep over several machines, with a Redis server';
  return loaded('bullmq and ioredis', ['bullmq', 'ioredis'], needed, 'npm install bullmq ioredis');
}

function duckDb(): Check {
  return loaded('DuckDB', ['@duckdb/node-api'], 'report', 'npm install @duckdb/node-api (sweep itself works without)');
}

function serialDriver(): Check {
  return loaded('serialport', ['serialport'], SERIAL, 'npm install serialport (tcp://host:port works without)');
}

/** Loads packages, for a native part may not be there for every system; the version is the first one's. */
function loaded(name: string, packages: readonly string[], neededFor: string, howToGet: string): Check {
  return check(name, neededFor, howToGet, () => {
    packages.forEach((one) => void load(one));
    return { found: true, detail: versionOf(packages[0]!) };
  });
}

async function ports(): Promise<Check[]> {
  let found: SerialPortAccess[] = [];
  let problem = '';
  try {
    found = await serialPorts();
  } catch (error) {
    problem = ` (${(error as Error).message.split('\n')[0]})`;
  }
  const plugIn = check(
    'board on a serial port',
    SERIAL,
    'plug the board in with a USB cable that carries data, not only power; a virtual machine or container must be given the port; Windows and macOS may need the driver of its USB chip (CP210x: https://www.silabs.com/developers/usb-to-uart-bridge-vcp-drivers, CH340: https://www.wch-ic.com)',
    () => ({
      found: found.length > 0,
      detail: found.length > 0 ? found.map((port) => port.path).join(', ') : `none found${problem}`,
    }),
  );
  return found.length === 0 ? [plugIn] : [plugIn, permission(found)];
}

function permission(found: readonly SerialPortAccess[]): Check {
  const closed = found.filter((port) => !port.allowed);
  const group = closed[0]?.group;
  const how = group
    ? `sudo usermod -aG ${group} $USER, then log out and in again`
    : `sudo chmod a+rw ${closed.map((port) => port.path).join(' ')}, which holds until the board is unplugged`;
  return check('permission to use it', SERIAL, how, () => ({
    found: closed.length === 0,
    detail: closed.length === 0 ? 'yes' : `not for ${closed.map((port) => port.path).join(', ')}`,
  }));
}

function describe(checks: readonly Check[], version: string): string {
  const table = formatTable<Check>(
    [
      { head: '', align: 'left', text: (row) => (row.found ? 'ok' : 'missing') },
      { head: 'what', align: 'left', text: (row) => row.name },
      { head: 'needed for', align: 'left', text: (row) => row.neededFor },
      { head: 'found', align: 'left', text: (row) => row.detail },
    ],
    checks,
  );
  const missing = checks.filter((row) => !row.found).map((row) => `${row.name}: ${row.howToGet}`);
  return [
    `caldera ${version}`,
    '',
    table,
    ...(missing.length > 0 ? ['', 'How to get what is missing', ...missing] : []),
    '',
  ].join('\n');
}
