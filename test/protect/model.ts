/**
 * What the engine is to do, said a second time and as plainly as possible: nothing here is shared with it but the fault table's
 * enums. A row is an object with words for states; what was shown to it is kept, not summed up.
 */
import { Action, Release } from '../../firmware/protect/faults';

/** A row as it is meant: levels in the row's own unit, on the side of their trip level where they belong. */
export interface RowOf {
  over: boolean;
  trip: number;
  early: number;
  release: number;
  samples: number;
  time_ms: number;
  action: Action;
  comesBack: Release;
  derates: Action;
}

/** Good for this long, a row that may releases itself. */
const QUIET_MS = 5000;

export class ModelRow {
  state: 'ok' | 'early' | 'suspect' | 'tripped' = 'ok';
  /**
   * Share of the current that it allows, if it derates and is not ok: with each value past the early level a fifth of the way to
   * what belongs to it. What a row suspects does not move it; once it has tripped nothing is left until it is released.
   */
  room = 1;
  /** Times of the bad values in a row up to now. */
  private bad_ms: number[] = [];
  /** Times since the row tripped at which it was not on the good side of its release level. */
  private notYetGood_ms: number[] = [];

  constructor(readonly row: RowOf) {}

  /** @returns whether the row trips by this value */
  show(value: number, now_ms: number): boolean {
    if (this.state === 'ok') this.room = 1;
    const tripsNow = this.state === 'tripped' ? this.wait(value, now_ms) : this.judge(value, now_ms);
    if (this.state === 'early') this.room += (this.left(value) - this.room) / 5;
    return tripsNow;
  }

  /** @returns whether the row was not tripped before */
  trip(now_ms: number): boolean {
    if (this.state === 'tripped') return false;
    this.tripAt(now_ms);
    return true;
  }

  release(): void {
    this.state = 'ok';
    this.bad_ms = [];
  }

  private judge(value: number, now_ms: number): boolean {
    const { trip, early, samples, time_ms } = this.row;
    if (!this.isWithin(value, trip)) {
      this.state = 'suspect';
      this.bad_ms.push(now_ms);
      if (this.bad_ms.length < samples || now_ms - this.bad_ms[0]! < time_ms) return false;
      this.tripAt(now_ms);
      return true;
    }
    this.bad_ms = [];
    const aQuarterBack = early - (trip - early) / 4;
    if (!this.isWithin(value, early)) this.state = 'early';
    else if (this.state === 'suspect' || this.isWithin(value, aQuarterBack)) this.state = 'ok';
    return false;
  }

  private wait(value: number, now_ms: number): boolean {
    const { release, comesBack } = this.row;
    if (!this.isWithin(value, release)) this.notYetGood_ms.push(now_ms);
    else if (comesBack === Release.Auto && now_ms - this.notYetGood_ms.at(-1)! >= QUIET_MS) this.release();
    return false;
  }

  private tripAt(now_ms: number): void {
    this.state = 'tripped';
    this.room = 0;
    this.bad_ms = [];
    this.notYetGood_ms = [now_ms];
  }

  /** What is no number is within nothing. */
  private isWithin(value: number, level: number): boolean {
    return this.row.over ? value <= level : value >= level;
  }

  /** Linear from all at the early level to nothing at the trip level. */
  private left(value: number): number {
    const { trip, early } = this.row;
    return Math.min(1, Math.max(0, (trip - value) / (trip - early)));
  }
}

/** What all rows together leave of the current. */
/** Of two shares of the current. */
const ALIKE = 1e-6;

export interface Left {
  open: boolean;
  charge: number;
  discharge: number;
  /** Indices of the rows that may be said to limit: shares that 32 bits may not tell apart are equal; -1: none does. */
  whyCharge: number[];
  whyDischarge: number[];
}

export function leftBy(rows: readonly ModelRow[]): Left {
  const allowedBy = (direction: Action): { room: number; why: number[] } => {
    const rooms = rows.map(({ row, state, room }) => {
      if (state === 'tripped' && row.action & direction) return 0;
      return state !== 'ok' && row.derates & direction ? room : 1;
    });
    const least = Math.min(1, ...rooms);
    const why = rooms.flatMap((room, index) => (room < 1 && room <= least + ALIKE ? [index] : []));
    if (least >= 1 - ALIKE) why.push(-1);
    // Of rows that leave nothing the first is named.
    return { room: least, why: least === 0 ? why.slice(0, 1) : why };
  };
  const charge = allowedBy(Action.StopCharge);
  const discharge = allowedBy(Action.StopDischarge);
  return {
    open: rows.some(({ row, state }) => state === 'tripped' && row.action === Action.Open),
    charge: charge.room,
    discharge: discharge.room,
    whyCharge: charge.why,
    whyDischarge: discharge.why,
  };
}
