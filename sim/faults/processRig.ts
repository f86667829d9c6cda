/** The firmware's tick in this process: the fastest way. Without records, service and resets, which are the device's (deviceRig.ts). */
import { createBms, tick, type Bms } from '../../firmware/bms';
import { releaseFault } from '../../firmware/protect/engine';
import { Fault } from '../../firmware/protect/faults';
import { ChannelRig } from './channelRig';
import type { ChannelInjection } from './injections/injection';
import type { Scenario } from './scenario';
import { runTicks, startTicks, type Ticking } from './ticks';

export class ProcessRig extends ChannelRig implements Ticking<Bms> {
  bms: Bms | undefined;
  error = '';
  readonly startFault = Fault.SelfTestFailed;
  starts = 0;
  stopped = false;

  constructor(scenario: Scenario, injection: ChannelInjection | undefined) {
    super(scenario, injection);
    this.restart();
  }

  run(until_ms: number, until?: () => boolean): void {
    runTicks(this, this.channel, until_ms, until);
  }

  release(fault: Fault): string {
    if (this.bms === undefined) return 'the board does not start';
    releaseFault(this.bms.protection, fault);
    return '';
  }

  restart(): void {
    const { channel, config } = this;
    // The firmware may keep parts of its configuration to itself.
    const create = (now_ms: number): Bms => createBms({ ...config }, channel, now_ms);
    startTicks(this, channel, { create, tick, first_ms: config.pace.fast_ms });
  }

  stop(): void {
    this.stopped = true;
  }
}
