/** What docs/link.md shows is what is sent. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { Estimated } from '../../firmware/estimate/estimates';
import { Measured } from '../../firmware/link/telemetry';
import { decodeLine, encodeFrame } from '../../sim/link/frame';
import { Device as Served } from '../service/onNode';
import { LinkedDevice } from './onNode';

const page = readFileSync(path.join(__dirname, '../../docs/link.md'), 'utf8');

/** The text between the marks of that name. */
function between(name: string): string {
  const [, text] = new RegExp(`<!-- ${name} -->\n\n([^]*?)\n\n<!-- end of ${name} -->`).exec(page) ?? [];
  return text ?? `docs/link.md has no block ${name}`;
}

test('the example is what goes over the wire', () => {
  const served = new Served();
  const device = new LinkedDevice((line, now_ms) => ((served.now_ms = now_ms), served.serve(line)));
  const said: string[] = [];
  const commands = ['version', 'limits', 'tighten charge_mA 2000', 'tighten charge_mA 2500', 'rate 1000'];
  commands.forEach((payload, k) => {
    const request = encodeFrame({ version: '1', type: 'q', number: 41 + k, payload });
    said.push(`> ${request}`);
    device.receive(`${request}\n`);
    for (let tick = 0; tick < 8; tick++) {
      const line = device.tick();
      if (line !== undefined) said.push(`< ${line}`);
    }
  });
  expect(between('example')).toBe(`\`\`\`text\n${said.join('\n')}\n\`\`\``);
});

test('the frame that is taken apart is one', () => {
  const [line] = /^ {4}(#C1q 42 .*)$/m.exec(page)?.slice(1) ?? [];
  expect(decodeLine(line!)).toMatchObject({ type: 'q', number: 42, payload: 'tighten charge_mA 500' });
});

test('every field of the telemetry is on the page, in its order', () => {
  const names = (block: string): string[] => [...block.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
  const fields = Array.from({ length: Measured.length }, (_, k) => Measured[k]!);
  expect(names(between('measured'))).toEqual(fields);
  const estimates = Array.from({ length: Estimated.length }, (_, k) => `\`${Estimated[k]!}\``);
  expect(between('estimated').replace(/\s+/g, ' ')).toBe(`${estimates.join(', ')}.`);
});
