import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runOnInterpreter, type InterpreterReport, type InterpreterRun } from '../../sim/hil/run';
import type { World } from '../../sim/hil/world';
import { CountingWorld, Unanswered } from './countingWorld';
import { interpreter, onDevice } from './interpreter';

/** A program with the parts of a firmware: it sets up, reads, writes, computes and calls itself again. */
function program(tick: string, state = ''): string {
  return `(function(){
    var bms={sum:0,third:0,failures:0,level:false,mode:"idle",at:-1,last:null,samples:new Float64Array(3)${state}};
    global.caldera={bms:bms};
    I2C1.setup({scl:Pin("D22"),sda:Pin("D21"),bitrate:400000});
    D25.write(false);D25.mode("output");
    function tick(){
      bms.at=Math.floor(getTime()*1000+0.5);
      ${tick}
      setTimeout(tick,bms.at<500?100:250);
    }
    setTimeout(tick,100);
  })();`;
}

const EVERYTHING = `
  var b=I2C1.readReg(0x40,7,3);
  bms.sum+=b[0]*65536+b[1]*256+b[2];
  I2C1.writeTo(0x40,[5,bms.sum&255,0]);
  try{I2C1.readFrom(0x41,2);}catch(e){bms.failures++;}
  bms.third+=analogRead(D34)*Math.PI;
  D25.write(b[0]&1);bms.level=D25.read();
  bms.mode=b[0]&2?"charge":"rest";
  bms.samples[bms.sum%3]=Math.exp(-bms.third/100);
  bms.last=bms.samples[0];
  E.kickWatchdog();
  if(bms.sum%5==0)print("#sum",bms.sum);`;
/** The same without a failing transaction, so that its ticks can be timed. */
const HEALTHY = EVERYTHING.replace(/try\{.*\n/, '');

function run(bundle: string, more: Partial<InterpreterRun> = {}): Promise<InterpreterReport> {
  return runOnInterpreter({
    interpreter,
    bundle,
    createWorld: () => new CountingWorld(),
    done: () => false,
    maxTicks: 40,
    timeEvery: 0,
    ...more,
  });
}

/** Folders of runs, and interpreters started here that are still at work. */
function leftBehind(): string[] {
  const children = spawnSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).stdout;
  return [...readdirSync(tmpdir()), ...children.split('\n').filter((line) => line.startsWith(interpreter))];
}

const { TMPDIR } = process.env;
beforeAll(() => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'caldera-link-'));
});
afterAll(() => {
  rmSync(tmpdir(), { recursive: true });
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
});

onDevice('the link to a real interpreter', () => {
  it('keeps bus, pins, ADC, time, timers, printing and every double the same as on Node', async () => {
    const report = await run(program(EVERYTHING));
    expect(report).toMatchObject({ ticks: 40, divergence: undefined });
    expect(report.compared).toBe(10);
    expect(report.printed.length).toBeGreaterThan(0);
    expect(report.simulated_s).toBeCloseTo(0.5 + 35 * 0.25, 9);
  });

  it('gives the same with answers sent ahead, and times the program alone', async () => {
    const report = await run(program(HEALTHY), { timeEvery: 2 });
    expect(report).toMatchObject({ ticks: 40, divergence: undefined });
    expect(report.cost?.timed).toBe(20);
    expect(report.cost?.median_steps).toBeGreaterThan(5);
  });

  it('does not time a tick in which a transaction failed', async () => {
    const report = await run(program(EVERYTHING), { timeEvery: 1 });
    expect(report).toMatchObject({ ticks: 40, divergence: undefined, cost: undefined });
  });

  it('boots the very bundle from flash: its code takes no JsVars', async () => {
    const padded = program(`${HEALTHY}${'bms.third=bms.third*1+0;'.repeat(100)}`);
    const flash = await run(padded, { maxTicks: 2 });
    const ram = await run(padded, { maxTicks: 2, codeIn: 'ram' });
    expect(ram.divergence).toBeUndefined();
    expect(ram.memory.booted - flash.memory.booted).toBeGreaterThan(padded.length / flash.memory.bytesPerVar / 2);
  });

  it('names the first request that differs, its tick and time', async () => {
    const report = await run(program(`I2C1.writeTo(0x40,[5,process.version=="node"||bms.at<300?0:17]);`));
    expect(report.divergence).toBe(
      'tick 3 at 300 ms, request 1: Node: writeTo(0x40, 0x5, 0x0); interpreter: writeTo(0x40, 0x5, 0x11)',
    );
    expect(report.ticks).toBe(3);
  });

  it('sees a write that only one of the two makes, in a timed tick too', async () => {
    const report = await run(program(`if(process.version=="node")D25.write(true);`), { timeEvery: 1 });
    expect(report.divergence).toContain('Node: pinWrite(25, 1); interpreter: setTimer(1, 100, 0)');
  });

  it('names the first number that is apart by more than 1e-9, and bears one that is apart by less', async () => {
    const apart = (by: string): string => program(`bms.third=1+(process.version=="node"?0:${by});`);
    expect((await run(apart('2e-9'))).divergence).toMatch(
      /^tick 1 at 100 ms, caldera\.bms\.third: Node: 1; interpreter: 1\.00/,
    );
    const near = await run(apart('5e-10'));
    expect(near.divergence).toBeUndefined();
    expect(near.largestDifference).toBeGreaterThan(1e-10);
  });

  it('stops an interpreter that computes for ever', async () => {
    const stuck = program(`while(process.version!="node");`);
    await expect(run(stuck, { stall_s: 1 })).rejects.toThrow('the interpreter asked nothing for 1 s and was stopped');
    expect(leftBehind()).toEqual([]);
  });

  it('tells the error that ended the program on the interpreter', async () => {
    const broken = program(`if(process.version!="node")nobody();`);
    await expect(run(broken)).rejects.toThrow(/ended with an error: ReferenceError: "nobody" is not defined/);
    expect(leftBehind()).toEqual([]);
  });

  it('tells what ended the boot code', async () => {
    const broken = program('').replace('setTimeout(tick,100);\n  }', 'if(process.version!="node")nobody();$&');
    expect((await run(broken)).divergence).toMatch(/interpreter: nothing more; .*"nobody" is not defined/);
  });

  it('ends on what no wire can throw, even when the program catches it', async () => {
    const createWorld = (): World => {
      const world = new CountingWorld();
      world.isBusFault = () => false;
      return world;
    };
    await expect(run(program(EVERYTHING), { createWorld })).rejects.toBeInstanceOf(Unanswered);
  });

  it('tells when the watchdog would have reset the board', async () => {
    const late = program(`E.enableWatchdog(1,false);`).replace('bms.at<500?100:250', '2000');
    await expect(run(late)).rejects.toThrow('the watchdog (1000 ms) would have reset the board at 1100 ms');
  });

  it('says what is wrong when the interpreter is none', async () => {
    await expect(run(program(''), { interpreter: '/bin/false' })).rejects.toThrow('is not in the interpreter');
    await expect(run(program(''), { interpreter: '/nowhere/espruino' })).rejects.toThrow(
      'cannot run the interpreter /nowhere/espruino',
    );
  });

  it('ends at once when asked to', async () => {
    const controller = new AbortController();
    const aborted = run(program(HEALTHY), {
      maxTicks: 1e9,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(aborted).rejects.toThrow(/abort/i);
    expect(leftBehind()).toEqual([]);
  });
});
