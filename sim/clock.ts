/**
 * Virtual time: an alarm queue. Nothing here looks at the wall clock; idle time is skipped.
 */
export class VirtualClock {
  /** Milliseconds since start. */
  now_ms = 0;
  private readonly due_ms: number[] = [];
  private readonly alarms: (() => void)[] = [];

  /** Calls `alarm` when virtual time reaches `time_ms` (not before now); alarms of one time in the order they were set. */
  at(time_ms: number, alarm: () => void): void {
    const time = Math.max(time_ms, this.now_ms);
    let k = this.due_ms.length;
    while (k > 0 && (this.due_ms[k - 1] as number) <= time) k--;
    if (k === this.due_ms.length) {
      this.due_ms.push(time);
      this.alarms.push(alarm);
    } else {
      this.due_ms.splice(k, 0, time);
      this.alarms.splice(k, 0, alarm);
    }
  }

  /** Runs the next alarm, moving time to it. @returns false when none is set */
  next(): boolean {
    const alarm = this.alarms.pop();
    if (alarm === undefined) return false;
    this.now_ms = this.due_ms.pop() as number;
    alarm();
    return true;
  }

  /** Runs every alarm up to and including `time_ms`, then lets time be `time_ms`. */
  advanceTo(time_ms: number): void {
    while (this.due_ms.length > 0 && (this.due_ms[this.due_ms.length - 1] as number) <= time_ms) this.next();
    if (time_ms > this.now_ms) this.now_ms = time_ms;
  }
}
