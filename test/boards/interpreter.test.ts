import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { configProblems } from '../../firmware/config/check';
import { packProblems } from '../../firmware/config/checkPack';
import { loadProduct } from '../../sim/boards/read';
import { bundleFirmware } from '../../sim/build/bundle';
import { keptNames } from '../../sim/build/kept';
import { runScript } from '../../sim/hil/interpreter';
import { interpreter, onDevice } from '../device/interpreter';

const ROOT = path.resolve(__dirname, '../..');
const PROGRAM = `
import { configProblems } from '${ROOT}/firmware/config/check';
import { packProblems } from '${ROOT}/firmware/config/checkPack';
export function say(kind, text) {
  const config = JSON.parse(text);
  print('#' + JSON.stringify(kind === 'pack' ? packProblems(config) : configProblems(config)));
}
for (let k = 0; k < tried.length; k++) say(tried[k][0], tried[k][1]);
`;

type Change = (config: Record<string, Record<string, unknown>>) => void;
const CHANGES: [kind: 'cycler' | 'pack', change: Change][] = [
  ['cycler', () => undefined],
  ['cycler', (config) => void (config.limits!.overVoltage_mV = 'x')],
  ['cycler', (config) => void Object.assign(config.limits!, { overDischarge_mA: 9000, underVoltage_mV: 4400 })],
  ['cycler', (config) => void (config.board!.pins = { charge: 'D25', discharge: 'D25' })],
  ['cycler', (config) => void delete config.board],
  ['cycler', (config) => void (config.protocol![3] = { kind: 77, to: -1, until_mV: 9 })],
  ['cycler', (config) => void (config.wifi = { ssid: '', port: 1.5, topic: 'a/#' })],
  ['cycler', (config) => void (config.board!.relay = { activeLow: 1, time_ms: 0 })],
  ['pack', () => undefined],
  ['pack', (config) => void ((config.board!.afe as Record<string, unknown>).shunt_uOhm = 2000)],
  ['pack', (config) => void Object.assign(config.mavlink!, { uart: 'USB', systemId: 256, tx: 'D21' })],
  ['pack', (config) => void Object.assign(config.balance!, { stop_mV: 99, drain_ms: 1 })],
  ['pack', (config) => void ((config.board!.afe as Record<string, unknown>).cells = 3)],
  ['pack', (config) => void (config.limits = [] as never)],
];

onDevice('the check of a configuration', () => {
  test('finds the same on the interpreter', async () => {
    const tried = CHANGES.map(([kind, change]) => {
      const config = structuredClone(loadProduct(kind === 'pack' ? 'drone-6s' : 'cycler').config);
      change(config as never);
      return [kind, JSON.stringify(config)] as const;
    });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-check-'));
    const entry = path.join(folder, 'entry.ts');
    fs.writeFileSync(entry, PROGRAM);
    const { code } = await bundleFirmware({ entry, minify: true, keep: keptNames(ROOT) });
    fs.rmSync(folder, { recursive: true });
    const { stdout } = await runScript(interpreter, `tried=${JSON.stringify(tried)};${code}`, 30_000);
    expect(stdout).not.toMatch(/Uncaught|MEMORY/);
    const found = stdout.split(/\r?\n/).flatMap((line) => (line.startsWith('#') ? [JSON.parse(line.slice(1))] : []));
    const onNode = tried.map(([kind, text]) =>
      kind === 'pack' ? packProblems(JSON.parse(text)) : configProblems(JSON.parse(text)),
    );
    expect(found).toEqual(onNode);
    expect(onNode.map((problems) => problems.length > 0)).toEqual(CHANGES.map((_, k) => k !== 0 && k !== 8));
  }, 40_000);
});
