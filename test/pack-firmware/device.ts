/**
 * The pack's firmware on the interpreter, in front of what a bench has answered to it on Node (wire.ts): every request must be the one
 * that was answered. In the firmware's language.
 */
import { createPackBms, tickPack, type PackBms } from '../../firmware/pack';
import { supervisePack } from '../../firmware/protect/pack';
import { readPack } from '../../firmware/sense/pack';
import type { Bq76952, Bq76952Block } from '../../hal/chips/bq76952';
import type { PackWires } from '../../hal/boards/drone';
import { summary, Wire, type Recording } from './wire';

declare function getTime(): number;
declare function print(text: string): void;
declare function atob(text: string): string;

/** What was recorded, byte after byte. */
function playedBack(recording: Recording): { wires: PackWires; wrong: () => number } {
  const stream = atob(recording.start) + atob(recording.wire);
  let at = 0;
  let wrong = 0;
  function next(): number {
    return stream.charCodeAt(at++);
  }
  function expected(kind: Wire, value: number): void {
    if (next() !== kind || next() !== value) wrong++;
  }
  const wires: PackWires = {
    bus: {
      readReg: function (_address: number, register: number, count: number): Uint8Array {
        expected(Wire.Read, register);
        expected(Wire.Count, count);
        const bytes = new Uint8Array(count);
        for (let k = 0; k < count; k++) bytes[k] = next();
        return bytes;
      },
      readFrom: function (): Uint8Array {
        wrong++;
        return new Uint8Array(0);
      },
      writeTo: function (_address: number, bytes: { readonly length: number; readonly [index: number]: number }): void {
        expected(Wire.Write, bytes.length);
        for (let k = 0; k < bytes.length; k++) if (next() !== bytes[k]) wrong++;
      },
    },
    alert: {
      read: function (): boolean {
        if (next() !== Wire.Alert) wrong++;
        return next() === 1;
      },
    },
    precharge: {
      write: function (level: boolean): void {
        expected(Wire.PrechargeWrite, level ? 1 : 0);
      },
      read: function (): boolean {
        if (next() !== Wire.PrechargeRead) wrong++;
        return next() === 1;
      },
    },
    recoverBus: function (): boolean {
      wrong++;
      return true;
    },
  };
  return {
    wires: wires,
    wrong: function (): number {
      return wrong;
    },
  };
}

function opened(recording: Recording, wires: PackWires): Bq76952 {
  const plain = recording.afe;
  function block(name: 'cells' | 'safety' | 'temperatures' | 'fets' | 'answer'): Bq76952Block {
    const own = plain[name];
    return {
      register: own.register,
      count: own.count,
      seed: own.seed,
      at: new Uint8Array(own.at),
      words: new Int16Array(own.at.length),
    };
  }
  return {
    bus: wires.bus,
    address: plain.address,
    stride: plain.stride,
    crc8: new Uint8Array(plain.crc8),
    cells: block('cells'),
    safety: block('safety'),
    temperatures: block('temperatures'),
    fets: block('fets'),
    answer: block('answer'),
    answers: new Float64Array(5),
    asked: 0,
    settings: new Uint16Array(plain.settings),
    turn: 0,
  };
}

function start(recording: Recording, wires: PackWires): PackBms {
  return createPackBms(
    recording.config,
    wires,
    function (): Bq76952 {
      return opened(recording, wires);
    },
    0,
  );
}

/** Prints the state after every tick. */
function replay(recording: Recording): void {
  const played = playedBack(recording);
  const bms = start(recording, played.wires);
  let now_ms = 0;
  for (const wish of recording.wishes) {
    now_ms += 100;
    bms.wish = wish;
    tickPack(bms, now_ms);
    print('@' + summary(bms) + ' ' + played.wrong());
  }
}

/** The least time of many, which whatever else the machine does can only lengthen. */
function least(times: Float64Array, which: number, time_s: number): void {
  if (time_s < times[which]) times[which] = time_s;
}

/**
 * Prints what sense and protect cost in a tick that reads the switches, in tenths of a Leibniz step, from one recorded tick played
 * again and again.
 */
function cost(recording: Recording): void {
  const times = new Float64Array(3).fill(1e9);
  const played = playedBack(recording);
  const bms = start(recording, played.wires);
  const bytes = new Uint8Array(recording.block);
  const fets = new Uint8Array(recording.fets);
  const wires: PackWires = {
    bus: {
      readReg: function (_address: number, register: number): Uint8Array {
        return register === 0x7f ? fets : bytes;
      },
      readFrom: function (): Uint8Array {
        return fets;
      },
      writeTo: function (): void {},
    },
    alert: {
      read: function (): boolean {
        return true;
      },
    },
    precharge: played.wires.precharge,
    recoverBus: played.wires.recoverBus,
  };
  const sense = bms.sense;
  sense.wires = wires;
  sense.afe.bus = wires.bus;
  for (let k = 0; k < 150; k++) {
    const now_ms = 1000 + 100 * k;
    sense.slowDue = true;
    sense.same = 0;
    const began = getTime();
    readPack(sense, now_ms);
    const read = getTime();
    supervisePack(bms.protection, sense, bms.fets, now_ms);
    const ended = getTime();
    least(times, 0, read - began);
    least(times, 1, ended - read);
    least(times, 2, leibniz());
  }
  print('@' + Math.floor((times[0] * 10) / times[2]) + ' ' + Math.floor((times[1] * 10) / times[2]));
}

/** Seconds for one step. */
function leibniz(): number {
  let x = 1;
  let pi = 1;
  const began = getTime();
  for (let i = 2; i < 102; i++) {
    x = x * -1;
    pi = pi + x / (2 * i - 1);
  }
  return (getTime() - began) / 100;
}

(globalThis as unknown as { device: object }).device = { replay, cost };
