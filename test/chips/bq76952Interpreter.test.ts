import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import type { Bytes, I2cBus } from '../../hal/bus';
import { Bq76952Subcommand, bq76952Holds, bq76952Read, bq76952Send } from '../../hal/chips/bq76952';
import { bq76952Open } from '../../hal/chips/bq76952Open';
import { bundleFirmware } from '../../sim/build/bundle';
import { runScript } from '../../sim/hil/interpreter';
import { interpreter, onDevice } from '../device/interpreter';
import { Bench, CONFIG, IDEAL } from './bq76952Bench';

const HAL = path.resolve(__dirname, '../../hal/chips');

/** One request or more of the same kind to the part, and its answer. */
type Exchange = [request: string, answer: string, times: number];

const hex = (bytes: Bytes): string => Buffer.from(bytes as Uint8Array).toString('hex');

/** The bench's wire, with everything that goes over it written down. */
function recorded(wire: I2cBus, log: Exchange[]): I2cBus {
  const note = (request: string, exchange: () => Bytes | void): Bytes => {
    let answer = 'none';
    try {
      const bytes = exchange();
      answer = bytes ? hex(bytes) : '';
      return bytes ?? [];
    } finally {
      const last = log[log.length - 1];
      if (last?.[0] === request && last[1] === answer) last[2]++;
      else log.push([request, answer, 1]);
    }
  };
  return {
    readReg: (address, register, count) => note(`r${register},${count}`, () => wire.readReg(address, register, count)),
    readFrom: (address, count) => wire.readFrom(address, count),
    writeTo: (address, bytes) => void note(`w${hex(bytes)}`, () => wire.writeTo(address, bytes)),
  };
}

/** The same as `drive`, for the interpreter: answers from the record, complaints about every other request. */
const program = (log: readonly Exchange[], ticks: number): string => `
import { Bq76952Subcommand, bq76952Holds, bq76952Read, bq76952Send } from '${HAL}/bq76952';
import { bq76952Open } from '${HAL}/bq76952Open';
declare const print: any;
const log: any = ${JSON.stringify(log)};
let at = 0;
let left = log[0][2];
function exchange(request: string): string {
  if (left === 0) left = log[++at][2];
  left--;
  if (log[at][0] !== request) print('@asked ' + request + ' for ' + log[at][0]);
  if (log[at][1] === 'none') throw new Error('no acknowledge');
  return log[at][1];
}
const bus: any = {
  readReg: function (address: number, register: number, count: number) {
    const answer = exchange('r' + register + ',' + count);
    const bytes = new Uint8Array(count);
    for (let k = 0; k < count; k++) bytes[k] = parseInt(answer.substr(2 * k, 2), 16);
    return bytes;
  },
  writeTo: function (address: number, bytes: any) {
    let text = 'w';
    for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
    exchange(text);
  },
};
const opened = bq76952Open(bus, ${JSON.stringify(CONFIG)});
const afe = opened.afe;
print('@' + JSON.stringify(opened.applied));
bq76952Send(afe, Bq76952Subcommand.FetControl, 0, 1);
for (let tick = 0; tick < ${ticks}; tick++) {
  for (const block of [afe.cells, afe.safety, afe.temperatures, afe.fets]) {
    const out = new Float64Array(block.words.length);
    print('@' + bq76952Read(afe, block, out) + ' ' + out.join(' '));
  }
  print('@' + bq76952Holds(afe));
}
print('@' + (at === log.length - 1 && left === 0));
`;

onDevice('the BQ76952 driver on the interpreter', () => {
  it('opens the part and reads it as on Node, byte for byte', async () => {
    const bench = new Bench(IDEAL);
    const log: Exchange[] = [];
    bench.opened = bq76952Open(recorded(bench.wire, log), CONFIG);
    const lines = [JSON.stringify(bench.opened.applied)];
    const { afe } = bench;
    bq76952Send(afe, Bq76952Subcommand.FetControl, 0, 1);
    const ticks = 12;
    for (let tick = 0; tick < ticks; tick++) {
      for (let k = 0; k < 6; k++) bench.cells_V[k] = 3.3 + 0.13 * k + 0.05 * tick;
      bench.current_A = 31.4 - 7 * tick;
      bench.temperatures_C.set([-7 * tick, 21.3]);
      bench.live(0.1);
      for (const block of [afe.cells, afe.safety, afe.temperatures, afe.fets]) {
        const out = new Float64Array(block.words.length);
        lines.push(`${bq76952Read(afe, block, out)} ${out.join(' ')}`);
      }
      lines.push(String(bq76952Holds(afe)));
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bq76952-'));
    const entry = path.join(folder, 'entry.ts');
    fs.writeFileSync(entry, program(log, ticks));
    const { code } = await bundleFirmware({ entry, minify: true });
    fs.rmSync(folder, { recursive: true });
    const { stdout } = await runScript(interpreter, code);
    const printed = [...stdout.matchAll(/^@(.*?)\r?$/gm)].map((match) => match[1]);
    expect(printed).toEqual([...lines, 'true']);
  });
});
