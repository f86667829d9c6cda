/* eslint-disable @typescript-eslint/no-explicit-any -- files of any form are what is tested */
import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boardDocuments } from '../../sim/boards/documents';
import { Drawing, WIRE } from '../../sim/boards/drawing';
import { initBoard } from '../../sim/boards/init';
import { materials } from '../../sim/boards/materials';
import type { Product } from '../../sim/boards/product';
import { readBoardFile, readProduct } from '../../sim/boards/read';
import { wiring } from '../../sim/boards/wiring';

function product(file: unknown): Product {
  const { product: found, problems } = readProduct(file);
  if (!found) throw new Error(problems.join('\n'));
  return found;
}

function withRelay(activeLow: boolean): Product {
  const file = readBoardFile('cycler') as any;
  file.board.relay = { activeLow, time_ms: 15 };
  return product(file);
}

describe('wiring diagrams', () => {
  it.each<[string, () => Product]>([
    ['a channel', () => product(readBoardFile('cycler'))],
    ['a channel of a coin cell', () => product(initBoard({ board: 'cycler', cell: 'tri-salt-coin' }))],
    ['a channel with relays closed by a low level', () => withRelay(true)],
    ['a channel with relays closed by a high level', () => withRelay(false)],
    ...[3, 6, 10, 16].map((cells): [string, () => Product] => [
      `a pack of ${cells}`,
      () => product(initBoard({ board: 'drone-6s', cells })),
    ]),
  ])('of %s can be read: no text on text, on wires or on parts', (_, make) => {
    expect(wiring(make()).collisions()).toEqual([]);
  });

  it('a drawing that cannot be read says so', () => {
    const d = new Drawing(300, 200);
    d.part([50, 50, 100, 60], 'part', { A: ['left', 30] });
    d.wire(WIRE.signal, { x: 0, y: 70 }, { x: 200, y: 70 });
    d.text({ x: 60, y: 75 }, 'over');
    expect(d.collisions().join('\n')).toMatch(/through the part "part"[^]*|over/);
    expect(d.collisions().length).toBeGreaterThanOrEqual(3);
  });

  it('show pins and values of the file', () => {
    const file = readBoardFile('cycler') as any;
    file.board.pins.charge = 'D18';
    file.parts.alertPullUp_ohm = 15000;
    const svg = wiring(product(file)).toSvg();
    expect(svg).toMatch(/>D18</);
    expect(svg).toMatch(/>15 kΩ</);
    expect(svg).not.toMatch(/>D25</);
  });
});

describe('bills of materials', () => {
  it('follow from the file', () => {
    const count = (list: ReturnType<typeof materials>, part: RegExp): number =>
      list.filter((row) => part.test(row.part)).reduce((sum, row) => sum + row.quantity, 0);
    const six = materials(product(readBoardFile('drone-6s')));
    const twelve = materials(product(initBoard({ board: 'drone-6s', cells: 12 })));
    expect(count(twelve, /^cell/)).toBe(12);
    expect(count(twelve, /^capacitor/) - count(six, /^capacitor/)).toBe(6);
    expect(twelve.find((row) => /^fuse/.test(row.part))!.value).toMatch(/^10 A, 5[0-9] V DC$/);
    expect(count(materials(withRelay(true)), /^relay module/)).toBe(1);
    expect(count(materials(withRelay(true)), /IRLB8743/)).toBe(0);
  });
});

it('what docs/boards/ shows is current (npm run boards:docs)', () => {
  for (const [file, content] of Object.entries(boardDocuments())) expect(fs.readFileSync(file, 'utf8')).toBe(content);
});
