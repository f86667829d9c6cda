import type { Device } from '../../firmware/device';
import { Fault } from '../../firmware/protect/faults';
import { Row } from '../../firmware/protect/protection';
import type { Channel } from '../../sim/bench/channel';
import { partFiles } from '../../sim/build/build';
import { Board } from '../../sim/hil/board';
import { Hardware, NodeDevice } from '../../sim/hil/nodeDevice';
import { decodeLine, encodeRequest } from '../../sim/link/frame';
import type { BuildResult } from '../../sim/results/types';

/** A request as an open console executes it. */
export const typed = (number: number, line: string): string => encodeRequest(number, line).slice('\x1b[2H\x10'.length);

/** A device through its resets: the bundle on Node in front of a bench, with flash that stays. */
export class Life {
  readonly hardware: Hardware;
  /** What it said for a person. */
  readonly lines: string[] = [];
  board!: Board;
  device!: NodeDevice;
  /** To the last request over the link. */
  private answer: string | undefined;

  constructor(
    readonly built: BuildResult,
    readonly channel: Channel,
    files: Readonly<Record<string, string>> = {},
  ) {
    this.hardware = new Hardware({ ...partFiles(built), ...files });
  }

  /** Starts or, with what RAM held gone and the switches' pins floating to open, starts again. */
  boot(resetState = 1): this {
    this.hardware.resetState = resetState;
    this.channel.chargeSwitch.write(false);
    this.channel.dischargeSwitch.write(false);
    this.board = new Board(this.channel);
    this.device = new NodeDevice(this.board, this.hardware, this.built.names);
    this.device.boot(this.built.code);
    this.hear();
    return this;
  }

  /** Runs for this long, or until the condition holds. @returns virtual milliseconds that passed */
  run(time_ms: number, until?: () => boolean): number {
    const begin_ms = this.channel.now_ms();
    while (this.channel.now_ms() < begin_ms + time_ms && !until?.()) {
      this.board.forget();
      this.device.call(this.board.nextTimer()!);
      if (this.board.failure !== undefined) throw this.board.failure;
      this.hear();
    }
    return this.channel.now_ms() - begin_ms;
  }

  get caldera(): Device {
    return this.device.caldera as Device;
  }

  isTripped(fault: Fault): boolean {
    return this.caldera.bms?.protection.state[fault] === Row.Tripped;
  }

  /** Answers a service command as the console does. */
  serve(line: string): string {
    return (this.device.evaluate('global.serve') as (line: string) => string)(line);
  }

  /** Sends a request over the link. @returns its answer; undefined when none comes in time */
  ask(number: number, line: string, time_ms: number): string | undefined {
    this.answer = undefined;
    this.device.evaluate(typed(number, line));
    this.run(time_ms, () => this.answer !== undefined);
    return this.answer;
  }

  private hear(): void {
    for (const request of this.board.requests) {
      if (request[0] !== 'print') continue;
      const frame = decodeLine(request[1]);
      if (frame?.type === 'e') this.lines.push(frame.payload);
      if (frame?.type === 'a') this.answer = frame.payload;
    }
  }
}
