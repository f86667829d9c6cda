/** Runs one scenario: bench and firmware into the state, something goes wrong, the plant's truth judges, and the way back is tried. */
import { Action, Fault, Release } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import { Random } from '../random';
import { findInjection } from './injections';
import type { Injection } from './injections/injection';
import { responseOf } from './response';
import type { Rig } from './rig';
import { createRig } from './rigs';
import type { Injected, Scenario } from './scenario';
import { NOTHING_MA, promised_ms } from './truth';
import type { Verdict } from './verdict';

/** After the promise has passed this long is waited, so that a late reaction shows by how much. */
const GRACE_MS = 1500;
/** A current that has not stopped by now is late. */
const STOPS_MS = 50;
const HARDWARE_GRACE_MS = 5;
/** After the end of a fault, which is a jump, too, and may trip a row. */
const SETTLE_MS = 3000;
/** Longer than a row that releases itself takes. */
const LATCH_MS = 7000;
/** A tripped row that releases itself, and the switches after it, take this long at most. */
const BACK_MS = 100000;
/** What warms without a cause is watched for ten minutes before it is believed to be over: tried in one run of so many. */
const CALM_MS = 900000;
const CALM_TRIED = 8;
const AGAIN_MS = 10000;
/** Service must last. */
const SERVES_MS = 1000;

/** @throws InputError for an injection or a cell that there is not; any other failure is a violation */
export function runScenario(scenario: Scenario, onTick?: (rig: Rig) => void): Verdict {
  return new ScenarioRun(scenario, onTick).run();
}

class ScenarioRun {
  private readonly rig: Rig;
  private readonly injection: Injection | undefined;
  private readonly verdict: Verdict;
  /** When each row was first seen tripped, since the begin of what is injected. */
  private readonly trippedAt_ms = new Map<Fault, number>();
  private readonly violations: string[] = [];

  constructor(
    private readonly scenario: Scenario,
    onTick: ((rig: Rig) => void) | undefined,
  ) {
    const { injected } = scenario;
    this.injection = injected === null ? undefined : findInjection(injected.kind);
    this.rig = createRig(scenario);
    this.rig.onTick = () => {
      this.noteTrips();
      onTick?.(this.rig);
    };
    const row = this.injection?.row ?? null;
    this.verdict = {
      id: row === null ? null : Fault[row]!,
      case: injected === null ? 'clean' : injected.must === 'be found' ? 'fault' : 'small fault',
      detected: false,
      reaction_ms: null,
      promised_ms: null,
      violations: this.violations,
      falseTrips: [],
    };
  }

  run(): Verdict {
    const { rig, verdict } = this;
    try {
      this.play();
    } catch (error) {
      this.violations.push(`the run failed: ${(error as Error).message}`);
    }
    if (rig.crash !== undefined) this.violations.push(`the firmware threw: ${(rig.crash as Error).message}`);
    for (const one of rig.truth.violations)
      this.violations.push(`${one.what} for ${one.lasted_ms.toFixed(0)} ms, at ${one.at_ms.toFixed(0)} ms`);
    return verdict;
  }

  private play(): void {
    const { scenario, rig, verdict, injection } = this;
    const { injected } = scenario;
    if (injected === null || injection === undefined) {
      rig.run(scenario.length_ms);
      this.noteFalseTrips();
      return;
    }
    if (!injection.fromBegin) {
      rig.run(injected.at_ms);
      this.noteFalseTrips();
      if (verdict.falseTrips.length > 0) return;
      if (rig.hasEnded() || this.tripped().length > 0) {
        verdict.case = 'void';
        return;
      }
    }
    this.inject(injection, injected);
  }

  private inject(injection: Injection, injected: Injected): void {
    const { rig, scenario } = this;
    this.trippedAt_ms.clear();
    rig.truth.unstoppable = injection.unstoppable ?? false;
    rig.begin(injected.size, new Random(scenario.seed, 'injected'));
    const began_ms = rig.now_ms;
    const until_ms = began_ms + injected.for_ms;
    if (injected.must === 'not trip') {
      rig.run(until_ms);
      this.noteFalseTrips();
    } else if (injection.hardware) this.judgeHardware(injection.hardware, began_ms);
    else if (injection.row !== null && !this.judgeRow(injection, injection.row, began_ms)) return;
    rig.run(Math.max(rig.now_ms, until_ms));
    if (injection.scrap) return;
    rig.end();
    this.wayBack();
  }

  /** Did the row see it, and did the current stop, in the time that is promised? @returns whether it came about and was found */
  private judgeRow(injection: Injection, row: Fault, began_ms: number): boolean {
    const { rig, verdict } = this;
    const onset_ms = this.untilBeyond(injection, began_ms);
    if (onset_ms === undefined) {
      // What never was beyond its level is no injection; but a watcher that never raises its alarm has missed one.
      if (injection.watched && !rig.hasEnded()) this.violations.push('the watcher did not find it');
      else verdict.case = 'void';
      return false;
    }
    const found = (): boolean => this.foundBy(injection) !== undefined;
    if (!found()) rig.run(onset_ms + promised_ms(row) + GRACE_MS, found);
    const foundAt_ms = rig.now_ms;
    const by = this.foundBy(injection);
    verdict.id = Fault[by ?? row]!;
    verdict.promised_ms = promised_ms(by ?? row);
    if (by === undefined) {
      if (!injection.states.includes('rest') && rig.hasEnded()) verdict.case = 'void';
      else this.violations.push(`${faultName(row)} did not find it; tripped: ${names([...this.trippedAt_ms.keys()])}`);
      return false;
    }
    // Until the current has stopped, and not for longer: what comes back by itself may come back before its promise has passed.
    const stops_ms = injection.stops_ms ?? verdict.promised_ms;
    if (this.flows(by)) rig.run(Math.max(foundAt_ms, onset_ms + stops_ms) + STOPS_MS, () => !this.flows(by));
    verdict.detected = true;
    const seen_ms = Math.max(0, (this.trippedAt_ms.get(by) ?? foundAt_ms) - onset_ms);
    const stopped_ms = this.stopped_ms(injection, by) - onset_ms;
    verdict.reaction_ms = injection.stops_ms === undefined ? Math.max(seen_ms, stopped_ms) : seen_ms;
    if (injection.stops_ms !== undefined && stopped_ms > stops_ms)
      this.violations.push(`the current flowed on for ${stopped_ms.toFixed(0)} ms; allowed: ${stops_ms} ms`);
    if (verdict.reaction_ms > verdict.promised_ms)
      this.violations.push(
        `${faultName(by)} took ${verdict.reaction_ms.toFixed(0)} ms; promised: ${verdict.promised_ms} ms`,
      );
    return true;
  }

  /** @returns when the value at its sensor was beyond its level, or undefined */
  private untilBeyond(injection: Injection, began_ms: number): number | undefined {
    const { rig } = this;
    if (injection.patience_ms === undefined || rig.isBeyond()) return began_ms;
    // A protection that was earlier has prevented it.
    const isOver = (): boolean => rig.isBeyond() || this.foundBy(injection) !== undefined;
    rig.run(began_ms + injection.patience_ms, isOver);
    if (injection.watched) this.verdict.watched_ms = rig.now_ms - began_ms;
    return isOver() ? rig.now_ms : undefined;
  }

  /** The row that found it first: its own, or one that may be earlier. */
  private foundBy({ row, or = [], found }: Injection): Fault | undefined {
    if (row === null) return undefined;
    if (found === 'derates' && (this.rig.protection?.state[row] ?? Row.Ok) !== Row.Ok) return row;
    const first = (a: Fault, b: Fault): number => this.trippedAt_ms.get(a)! - this.trippedAt_ms.get(b)!;
    return [row, ...or].filter((fault) => this.trippedAt_ms.has(fault)).sort(first)[0];
  }

  /** Whether a current flows that the row forbids. */
  private flows(row: Fault): boolean {
    const { config, truth } = this.rig;
    const { action } = responseOf(config, row);
    const forbidden = truth.current_mA < 0 ? action & Action.StopCharge : action & Action.StopDischarge;
    return forbidden !== 0 && Math.abs(truth.current_mA) > NOTHING_MA;
  }

  /** When the last current flowed that the row forbids. */
  private stopped_ms({ found, unstoppable }: Injection, row: Fault): number {
    const { config, truth } = this.rig;
    if (found === 'derates' || unstoppable) return 0;
    const { action } = responseOf(config, row);
    return Math.max(
      action & Action.StopCharge ? truth.lastCharge_ms : 0,
      action & Action.StopDischarge ? truth.lastDischarge_ms : 0,
    );
  }

  /** Did the current stop in time with the processor standing still? */
  private judgeHardware({ id, promised_ms }: { id: string; promised_ms: number }, began_ms: number): void {
    const { rig, verdict } = this;
    const { truth } = rig;
    verdict.hardware = id;
    verdict.promised_ms = promised_ms;
    rig.stop();
    rig.run(began_ms + promised_ms + HARDWARE_GRACE_MS);
    verdict.detected = Math.abs(truth.current_mA) <= NOTHING_MA;
    if (!verdict.detected) {
      this.violations.push(`${id} did not stop the current`);
      return;
    }
    verdict.reaction_ms = Math.max(0, Math.max(truth.lastCharge_ms, truth.lastDischarge_ms) - began_ms);
    if (verdict.reaction_ms > promised_ms)
      this.violations.push(`${id} took ${verdict.reaction_ms.toFixed(2)} ms; promised: ${promised_ms} ms`);
  }

  /** The cause is gone: rows release themselves, by service or by a restart, each as the table says, and current flows again. */
  private wayBack(): void {
    const { rig } = this;
    rig.truth.unstoppable = false;
    rig.run(rig.now_ms + SETTLE_MS);
    const latched = this.tripped(Release.Service);
    rig.run(rig.now_ms + LATCH_MS);
    for (const fault of latched)
      if (rig.protection?.state[fault] !== Row.Tripped) this.violations.push(`${faultName(fault)} released itself`);
    if (this.tripped(Release.Restart).length > 0 || rig.protection === undefined) rig.restart();
    rig.run(rig.now_ms + BACK_MS, () => rig.protection !== undefined && this.tripped(Release.Auto).length === 0);
    for (const fault of this.tripped(Release.Auto)) this.violations.push(`${faultName(fault)} did not release itself`);
    if (this.tripped().includes(Fault.SelfHeating)) {
      if (this.scenario.seed % CALM_TRIED !== 0) return;
      rig.run(rig.now_ms + CALM_MS);
    }
    // Whoever releases tries again while what has tripped it cools down.
    const until_ms = rig.now_ms + BACK_MS;
    const isBack = (): boolean => rig.inService() && this.tripped(Release.Service).length === 0;
    while (!isBack() && rig.now_ms < until_ms && rig.crash === undefined) {
      for (const fault of this.tripped(Release.Service)) {
        const refusal = rig.release(fault);
        if (refusal === '') continue;
        this.violations.push(`${faultName(fault)} is not released: ${refusal}`);
        return;
      }
      rig.run(rig.now_ms + AGAIN_MS, isBack);
    }
    if (!rig.inService()) {
      this.violations.push(`no way back: ${rig.describe().trim()}, tripped: ${names(this.tripped())}`);
      return;
    }
    rig.run(rig.now_ms + SERVES_MS);
    // A worn cell may leave its limits by itself as soon as it is used again.
    const again = this.tripped().filter((fault) => !rig.isTrue(fault));
    if (again.length > 0) this.violations.push(`tripped again: ${names(again)}`);
  }

  /** Rows that are tripped and take something away; of one way of release, where that is given. */
  private tripped(release?: Release): Fault[] {
    const { protection, config } = this.rig;
    if (protection === undefined) return [];
    const faults: Fault[] = [];
    for (let fault: Fault = 1; fault < Fault.length; fault++) {
      if (protection.state[fault] !== Row.Tripped) continue;
      const response = responseOf(config, fault);
      if (response.action !== Action.Warn && (release === undefined || response.release === release))
        faults.push(fault);
    }
    return faults;
  }

  private noteTrips(): void {
    const { protection, startFault, now_ms } = this.rig;
    const note = (fault: Fault): void => {
      if (!this.trippedAt_ms.has(fault)) this.trippedAt_ms.set(fault, now_ms);
    };
    if (protection === undefined) {
      // A board that does not start says why.
      if (startFault !== Fault.None) note(startFault);
      return;
    }
    for (let fault: Fault = 1; fault < Fault.length; fault++) if (protection.state[fault] === Row.Tripped) note(fault);
  }

  private noteFalseTrips(): void {
    const { rig, verdict } = this;
    for (const fault of this.trippedAt_ms.keys()) if (!rig.isTrue(fault)) verdict.falseTrips.push(Fault[fault]!);
    if (rig.protection === undefined) verdict.falseTrips.push(`the board does not start: ${rig.error}`);
  }
}

const names = (faults: readonly Fault[]): string => (faults.length === 0 ? 'none' : faults.map(faultName).join(', '));
