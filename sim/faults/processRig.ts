/** The firmware's tick in this process: the fastest way. Without records, service and resets, which are the device's (deviceRig.ts). */
import { createBms, tick, type Bms } from '../../firmware/bms';
import { releaseFault } from '../../firmware/protect/engine';
import { Fault } from '../../firmware/protect/faults';
import { ChannelRig } from './channelRig';
import type { ChannelInjection } from './injections/injection';
import type { Scenario } from './scenario';

/** A board that does not start tries again, as in firmware/main.ts. */
const RETRY_MS = 5000;

export class ProcessRig extends ChannelRig {
  bms: Bms | undefined;
  error = '';
  readonly startFault = Fault.SelfTestFailed;
  private starts = 0;
  private stopped = false;

  constructor(scenario: Scenario, injection: ChannelInjection | undefined) {
    super(scenario, injection);
    this.restart();
  }

  run(until_ms: number, until?: () => boolean): void {
    const { clock } = this.channel;
    const run = { done: false };
    clock.at(until_ms, () => {
      this.channel.live();
      run.done = true;
    });
    const { onTick } = this;
    this.onTick = () => {
      onTick?.();
      if (until?.()) run.done = true;
    };
    while (!run.done && this.crash === undefined) clock.next();
    this.onTick = onTick;
    this.crash ??= this.channel.bus.misuse;
  }

  release(fault: Fault): string {
    if (this.bms === undefined) return 'the board does not start';
    releaseFault(this.bms.protection, fault);
    return '';
  }

  /** The firmware's state is gone, cell and parts go on. */
  restart(): void {
    const start = ++this.starts;
    const { channel, config } = this;
    const { clock } = channel;
    channel.live();
    this.bms = undefined;
    try {
      // The firmware may keep parts of its configuration to itself.
      this.bms = createBms({ ...config }, channel, clock.now_ms);
      this.error = '';
    } catch (error) {
      this.error = (error as Error).message;
    }
    const onTick = (): void => {
      if (start !== this.starts || this.stopped) return;
      channel.live();
      const { bms } = this;
      if (bms === undefined) return this.restart();
      try {
        clock.at(clock.now_ms + tick(bms, clock.now_ms), onTick);
      } catch (error) {
        this.crash = error;
      }
      this.onTick?.();
    };
    clock.at(clock.now_ms + (this.bms === undefined ? RETRY_MS : config.pace.fast_ms), onTick);
  }

  stop(): void {
    this.stopped = true;
  }
}
