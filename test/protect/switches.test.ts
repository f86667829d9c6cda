import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSwitch, Switch, SwitchEvent } from '../../firmware/protect/switches';

const STATES = Array.from({ length: Switch.length }, (_, state) => state as Switch);
const EVENTS = Array.from({ length: SwitchEvent.length }, (_, event) => event as SwitchEvent);

/** What must become of every state by every event, written by hand: "." is nothing, * depends on the board. */
const TABLE = `
              Off  SelfTest Precharge Idle      Charge    Discharge Fault    Recovery Ship
PowerOn       SelfTest .    .         .         .         .         .        .        .
TestPassed    .    Idle     .         .         .         .         .        .        .
TestFailed    .    Fault    Fault     Fault     Fault     Fault     .        Fault    .
WishCharge    .    .        Charge    Charge    .         Charge    .        .        .
WishDischarge .    .        *         *         *         .         .        .        .
WishNone      .    .        Idle      .         Idle      Idle      .        .        .
Precharged    .    .        Discharge .         .         .         .        .        .
Trip          .    Fault    Fault     Fault     Fault     Fault     .        Fault    .
Released      .    .        .         .         .         .         Recovery .        .
Healthy       .    .        .         .         .         .         .        Idle     .
Ship          .    .        .         Ship      .         .         Ship     .        .
Wake          .    .        .         .         .         .         .        .        SelfTest
`;

type Names = Record<string, number>;
const stateOf = (name: string): Switch => (Switch as unknown as Names)[name]!;
const [header, ...lines] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const CASES = lines.flatMap(([event, ...cells]) =>
  cells.map((cell, k) => ({ event: event!, state: header![k]!, cell })),
);

describe('every state by every event', () => {
  it('has its place in the table', () => {
    expect(CASES).toHaveLength(STATES.length * EVENTS.length);
    expect(new Set(CASES.map(({ state, event }) => `${state} ${event}`)).size).toBe(CASES.length);
  });

  describe.each([
    ['without precharge', false],
    ['with precharge', true],
  ])('%s', (_, precharges) => {
    it.each(CASES)('$state by $event: $cell', ({ state, event, cell }) => {
      const from = stateOf(state);
      const to =
        cell === '.' ? from : cell === '*' ? (precharges ? Switch.Precharge : Switch.Discharge) : stateOf(cell);
      expect(Switch[nextSwitch(from, (SwitchEvent as unknown as Names)[event]!, precharges)]).toBe(Switch[to]);
    });
  });
});

describe('for any events, in any order, with or without precharge', () => {
  const CLOSED = [Switch.Precharge, Switch.Charge, Switch.Discharge];
  const isClosed = (state: Switch): boolean => CLOSED.includes(state);
  const steps = fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 });
  /** Calls `look` with each step of a walk from `Off`, which reaches every state. */
  const walks = (look: (from: Switch, event: SwitchEvent, to: Switch, precharges: boolean) => void): void =>
    fc.assert(
      fc.property(steps, fc.boolean(), (events, precharges) => {
        let state = Switch.Off;
        for (const event of [SwitchEvent.PowerOn, ...events]) {
          const to = nextSwitch(state, event, precharges);
          look(state, event, to, precharges);
          state = to;
        }
      }),
      { numRuns: 500 },
    );

  it('nothing closes but from rest or another current', () => {
    walks((from, _, to) => {
      if (isClosed(to)) expect([Switch.Idle, ...CLOSED]).toContain(from);
    });
  });

  it('a trip opens whatever is closed, and leads to nothing but a fault', () => {
    walks((from, event, to) => {
      if (event !== SwitchEvent.Trip) return;
      expect(isClosed(to)).toBe(false);
      expect(to).toBe(from === Switch.Off || from === Switch.Ship ? from : Switch.Fault);
    });
  });

  it('there is no other way from a fault to a current than release, health and a wish, or sleep and a new test', () => {
    walks((from, event, to) => {
      if (from === Switch.Fault && to !== from)
        expect([
          [SwitchEvent.Released, Switch.Recovery],
          [SwitchEvent.Ship, Switch.Ship],
        ]).toContainEqual([event, to]);
      if (from === Switch.Recovery && to !== from && to !== Switch.Fault)
        expect([event, to]).toEqual([SwitchEvent.Healthy, Switch.Idle]);
      if (from === Switch.SelfTest && to !== from && to !== Switch.Fault)
        expect([event, to]).toEqual([SwitchEvent.TestPassed, Switch.Idle]);
      if ((from === Switch.Off || from === Switch.Ship) && to !== from) expect(to).toBe(Switch.SelfTest);
    });
  });

  it('nothing is shipped while a current flows', () => {
    walks((from, _, to) => {
      if (to === Switch.Ship) expect([Switch.Idle, Switch.Fault, Switch.Ship]).toContain(from);
    });
  });

  it("a board that precharges never discharges before the load's capacitors are full; one that does not, never waits", () => {
    walks((from, event, to, precharges) => {
      if (to === Switch.Precharge) expect(precharges).toBe(true);
      if (to === Switch.Discharge && from !== to && precharges)
        expect([from, event]).toEqual([Switch.Precharge, SwitchEvent.Precharged]);
    });
  });

  it('from every state there is a way to every current', () => {
    for (const precharges of [false, true]) {
      for (const state of STATES) {
        const reached = new Set([state]);
        for (const from of reached) for (const event of EVENTS) reached.add(nextSwitch(from, event, precharges));
        for (const goal of CLOSED)
          if (precharges || goal !== Switch.Precharge) expect(reached, `${Switch[state]}`).toContain(goal);
      }
    }
  });
});
