import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '../../firmware/protect/faults';
import { nextSwitch, Switch, SwitchEvent } from '../../firmware/protect/switches';
import { FAULT_TABLE } from '../../firmware/protect/table';
import { supervise } from '../../firmware/protect/protect';
import { createProtection, Row } from '../../firmware/protect/protection';
import { LIMITS as HOST } from '../../sim/campaign/limits';
import { InputError } from '../../sim/errors';
import { constant, lasting_s } from '../../sim/safety/manualConstants';
import { manual, manualPictures } from '../../sim/safety/manual';
import { LIMITS } from '../../sim/safety/manualLevels';
import { readMeasured, type Measured, type Reaction } from '../../sim/safety/manualMeasured';
import {
  EVENTS,
  eventName,
  reached,
  stateName,
  STATES,
  switchTable,
  turns,
  withoutPrecharge,
} from '../../sim/safety/manualSwitches';
import { switchesPicture } from '../../sim/safety/manualSwitchesPicture';
import { testsOf, protectionTests } from '../../sim/safety/manualTests';
import { isWhole, texts } from '../picture/drawn';

const folder = mkdtempSync(join(tmpdir(), 'manual-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const reactionOf = (fault: Fault, more: Partial<Reaction> = {}): Reaction => ({
  id: Fault[fault]!,
  injected: 61,
  detected: 61,
  promised_ms: FAULT_TABLE[fault - 1]!.promised_ms,
  worst_ms: 234.5,
  median_ms: 123.4,
  ...more,
});
const measured = (...faults: Reaction[]): Measured => ({ runs: 10000, violations: 0, falseTrips: 0, faults });

describe('what the campaign measured', () => {
  it('is shown with its promise, in the table and on the card', () => {
    const text = manual(measured(reactionOf(Fault.OverVoltage)));
    expect(text).toMatch(
      /\[over-voltage\]\(#over-voltage\) +\| `OverVoltage` +\| 300 ms +\| 234\.5 ms +\| 123\.4 ms +\| 61 +\| 61 /,
    );
    expect(text).toContain('measured 234.5 ms at worst, 123.4 ms in the median (seen 61 of 61 times)');
    expect(text).toMatch(/\[under-voltage\]\(#under-voltage\) +\| `UnderVoltage` +\| 300 ms +\| not injected /);
    expect(text).toContain('**0** runs left the safe envelope');
    // 3 in 10,000.
    expect(text).toContain('fewer than 0.03 % of runs');
    expect(text).not.toContain('not measured yet');
  });

  it('is said where a promise was not kept, a fault never seen or never injected', () => {
    const text = manual(
      measured(
        reactionOf(Fault.OverVoltage, { worst_ms: 301 }),
        reactionOf(Fault.UnderVoltage, { detected: 0, worst_ms: null, median_ms: null }),
        reactionOf(Fault.Imbalance, { injected: 0, detected: 0, worst_ms: null, median_ms: null }),
      ),
    );
    expect(text).toContain('**301 ms, late**');
    expect(text).toMatch(
      /\[under-voltage\]\(#under-voltage\) +\| `UnderVoltage` +\| 300 ms +\| never seen +\| - +\| 61 +\| 0 /,
    );
    expect(text).toContain('seen in none of 61 injections');
    expect(text).toMatch(/\[imbalance\]\(#imbalance\) +\| `Imbalance` +\| 20 s +\| not injected /);
  });

  it('that stands in no row has a table of its own', () => {
    const text = manual(measured(reactionOf(Fault.OverVoltage, { id: 'watchdog', promised_ms: 2500, worst_ms: 2100 })));
    expect(text).toMatch(/\| watchdog \| 2\.5 s +\| 2\.1 s /);
    expect(manual()).toMatch(/\n\| ShortCircuit \| 1 ms +\| /);
    expect(manual(measured())).not.toContain('With the processor stopped, by');
  });

  it('that is worse than promised ends all talk of statistics', () => {
    const text = manual({ ...measured(), violations: 7 });
    expect(text).toContain('7 of 10000 runs left the safe envelope: the promises do not hold.');
    expect(text).not.toContain('95 % confidence');
  });

  it('is said to be missing before there is any', () => {
    const text = manual(null);
    expect(text.match(/^\| \[.*not measured yet/gm)).toHaveLength(FAULT_TABLE.length);
    expect(text).toContain('The campaign has not been run for this manual yet.');
  });

  it('is drawn: the worst case of each row that was seen', () => {
    const name = 'safety-reactions.svg';
    const without = manualPictures(null)[name]!;
    const drawn = manualPictures(measured(reactionOf(Fault.OverVoltage), reactionOf(Fault.StaleData)))[name]!;
    expect(isWhole(drawn)).toBe(true);
    expect(texts(without)).not.toContain('Worst');
    expect(texts(drawn)).toContain('Worst');
  });

  it('is read as the command writes it, keys beyond the contract left alone', () => {
    const own = { ...measured(reactionOf(Fault.OverVoltage, { worst_ms: null })), clean: 1000, failures: [] };
    expect(readMeasured(file('good.json', JSON.stringify(own)))).toEqual(
      measured(reactionOf(Fault.OverVoltage, { worst_ms: null })),
    );
    expect(readMeasured(join(folder, 'none.json'))).toBeNull();
  });

  it.each([
    ['[]', /JSON object/],
    ['{"runs": 1, "violations": 0, "falseTrips": 0}', /faults is missing/],
    ['{"runs": 1.5, "violations": 0, "falseTrips": 0, "faults": []}', /runs is 1\.5/],
    ['{"runs": 1, "violations": 0, "falseTrips": 0, "faults": [{"id": 3}]}', /id is 3/],
    [JSON.stringify(measured(reactionOf(Fault.OverVoltage, { worst_ms: -1 }))), /OverVoltage worst_ms is -1 ms/],
  ])('is refused where it is something else: %s', (text, why) => {
    const read = (): unknown => readMeasured(file('bad.json', text));
    expect(read).toThrow(InputError);
    expect(read).toThrow(why);
  });
});

describe('the measurement that is committed', () => {
  const committed = readMeasured();
  it('keeps every promise, or is said to be missing', () => {
    if (committed === null) {
      expect(manual()).toContain('Nothing has been measured yet');
      return;
    }
    const { runs, violations, falseTrips, faults } = committed;
    expect(runs).toBeGreaterThanOrEqual(10000);
    expect({ violations, falseTrips }).toEqual({ violations: 0, falseTrips: 0 });
    for (const { fault, name } of FAULT_TABLE) {
      const own = faults.find(({ id }) => id === Fault[fault]);
      expect(own, name).toBeDefined();
      expect(own!.injected, name).toBeGreaterThanOrEqual(50);
      expect(own!.detected, name).toBe(own!.injected);
      expect(own!.worst_ms, name).toBeLessThanOrEqual(own!.promised_ms);
    }
  });
});

describe('the switches', () => {
  it.each([true, false])('are walked through whole, with precharge %s', (precharges) => {
    const all = turns(precharges);
    for (const from of STATES)
      for (const event of EVENTS) {
        const to = nextSwitch(from, event, precharges);
        const found = all.filter((turn) => turn.from === from && turn.event === event).map((turn) => turn.to);
        expect(found).toEqual(to === from ? [] : [to]);
      }
    expect(STATES).toHaveLength(Switch.length);
    expect(EVENTS).toHaveLength(SwitchEvent.length);
  });

  it('are told in the table: every way out of every state, and no other', () => {
    const lines = switchTable().split('\n').slice(2);
    for (const from of STATES) {
      const [, name, , ways] = lines[from]!.split('|').map((cell) => cell.trim());
      expect(name).toBe(stateName(from));
      const told = ways!.split('; ').flatMap((way) => {
        const [, to, events] = /^\*\*(.*)\*\* by (.*)$/.exec(way)!;
        return events!.split(' or ').map((event) => `${event} > ${to}`);
      });
      const walked = turns(true).filter((turn) => turn.from === from);
      expect(told.sort()).toEqual(walked.map(({ event, to }) => `${eventName(event)} > ${stateName(to)}`).sort());
    }
  });

  it('without precharge never come to that state, and go to discharge at once', () => {
    const plain = turns(false);
    expect(STATES.filter((state) => !reached(plain).has(state))).toEqual([Switch.Precharge]);
    expect(reached(turns(true)).size).toBe(STATES.length);
    expect(withoutPrecharge()).toMatch(/discharge wished leads to discharge at once .* precharge is never reached/);
  });

  it('are drawn as they are walked through: each way in the picture, none without one', () => {
    const all = turns(true);
    const whole = switchesPicture(all);
    expect(isWhole(whole)).toBe(true);
    for (const state of STATES) expect(texts(whole)).toContain(stateName(state));
    for (const left of all) {
      // Ways into the fault are drawn once for all states that have them; a state without one stands inside of their frame.
      if (left.to === Switch.Fault) continue;
      expect(switchesPicture(all.filter((turn) => turn !== left))).not.toBe(whole);
    }
  });

  it('are not drawn where the frame of those that trip would hold one that does not', () => {
    const all = turns(true).filter(({ from, to }) => !(from === Switch.Idle && to === Switch.Fault));
    expect(() => switchesPicture(all)).toThrow(/inside the frame/);
  });
});

describe('numbers from the sources', () => {
  it('are those of the constants there', () => {
    expect(constant('sim/safety/manualDiagram.ts', 'HEAD_PX')).toBe(6);
    expect(() => constant('sim/safety/manualDiagram.ts', 'NOWHERE')).toThrow(
      'sim/safety/manualDiagram.ts has no constant NOWHERE',
    );
  });

  it('of the coldest charge is where the simulated cells end, as the chapter on temperature has it', () => {
    expect(LIMITS.chargeUnderTemperature_C).toBe(HOST.temperature_C.min);
  });

  it('of a lasting current are worked for one between its limit and the trip level', () => {
    expect(LIMITS.lastingDischarge_mA).toBeLessThan(3600);
    expect(LIMITS.overDischarge_mA).toBeGreaterThan(3600);
    expect(manual()).toContain(`3600 mA may flow for ${lasting_s(3600 / LIMITS.lastingDischarge_mA).toFixed(0)} s`);
  });

  it.each([1.1, 1.5, 2])('say how long %s times the lasting limit may flow', (ratio) => {
    const p = createProtection({ ...LIMITS, overDischarge_mA: 1e6 }, 0);
    const current_mA = ratio * LIMITS.lastingDischarge_mA;
    const sense = { at_ms: 0, voltage_mV: 3700, current_mA, failedTicks: 0, invalid: false, slowDue: false };
    const actuator = { set_mA: current_mA, since_ms: 0, checkedAt_ms: 0, mismatch: false };
    let now_ms = 0;
    for (; p.state[Fault.LastingDischargeCurrent] !== Row.Tripped && now_ms < 1e6; now_ms += 100) {
      sense.at_ms = actuator.checkedAt_ms = now_ms;
      // Noise, without which the data would be stuck.
      sense.voltage_mV = 3700 + (now_ms % 200) / 100;
      supervise(p, sense as never, actuator as never, {} as never, false, now_ms);
    }
    const { time_ms } = FAULT_TABLE[Fault.LastingDischargeCurrent - 1]!;
    expect(Math.abs(now_ms - time_ms - 1000 * lasting_s(ratio))).toBeLessThanOrEqual(300);
  });
});

describe('which test speaks of a row', () => {
  const row = FAULT_TABLE[Fault.OverVoltage - 1]!;
  const own = join(folder, 'package');
  file('package/sim/faults/injections/cells.ts', 'row: Fault.OverVoltage');
  file('package/sim/hil/scenarios.ts', '');
  file('package/test/firmware/faultCases/limits.ts', 'fault: Fault.OverVoltage');
  file('package/test/a.test.ts', "import { x } from '../protect/x'; Fault.OverVoltage");
  file('package/test/b.test.ts', "import { x } from '../protect/x'; Fault.OverVoltages");
  file('package/test/c.test.ts', "import { x } from '../protect/x'; expect(name).toBe('over-voltage')");
  file('package/test/d.test.ts', "import { x } from '../else'; Fault.OverVoltage");
  file('package/test/e.test.ts', "import { INJECTIONS } from '../sim/faults/injections'; runScenario()");
  file('package/test/f.test.ts', "import { INJECTIONS } from '../sim/faults/injections/index'; count()");
  file('package/test/g.test.ts', "import { INJECTIONS } from '../sim/faults/injections/index'; runScenario()");
  file('package/test/h.ts', "import { x } from '../protect/x'; Fault.OverVoltage");
  file('package/test/i.test.ts', "import { FAULT_CASES } from './firmware/faultCases'; from '../protect/x'; steady()");
  file('package/test/j.test.ts', "import { FAULT_CASES } from './firmware/faultCases'; from '../protect/x'; count()");
  file('package/test/protect/table.test.ts', "import { x } from '../protect/x'; Fault.OverVoltage");

  it('is found by number, by name, and by the list of cases that it runs', () => {
    expect(testsOf(row, protectionTests(own))).toEqual(['a', 'c', 'e', 'g', 'i'].map((name) => `test/${name}.test.ts`));
  });
});
