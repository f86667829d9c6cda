/**
 * The very bundle that is flashed, on a simulated controller: with its timers, watchdog, Storage, raw flash, clock and service
 * commands. What it prints goes nowhere.
 */
import type { Bms } from '../../firmware/bms';
import type { Device } from '../../firmware/device';
import { Fault } from '../../firmware/protect/faults';
import { NorFlash } from '../chips/flash';
import { partFiles } from '../build/build';
import { Board, type Answer, type Request } from '../hil/board';
import { FLASH_BEGIN, FLASH_PAGE, FLASH_PAGES, Hardware, NodeDevice } from '../hil/nodeDevice';
import { Random } from '../random';
import type { BuildResult } from '../results/types';
import { parseChallenge } from '../service/challenge';
import { respond } from '../service/response';
import { ChannelRig } from './channelRig';
import { CONFIG_FILE, ResetState } from './controller';
import type { ChannelInjection } from './injections/injection';
import type { Scenario } from './scenario';

/** From a reset to the first line of the firmware: an ESP32 with Espruino, assumed. */
const BOOT_MS = 300;
/** Time on the wire in one tick that is as nothing. */
const BUSY_MS = 5;
const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

type Built = Pick<BuildResult, 'code' | 'parts' | 'names'>;

/** The watchdog resets the controller in the middle of what it does. */
class WatchdogBite extends Error {}

/** Knows when its watchdog bites and its timers are due, and may have a clock that is set. */
class TimedBoard extends Board {
  readonly due_ms = new Map<number, number>();
  bites_ms = Infinity;
  /** Most time on the wire in one callback. */
  longest_ms = 0;
  /** Added to the clock that the program sees. */
  clockOffset_ms = 0;
  private patience_ms = Infinity;

  private here_ms(): number {
    return this.world.now_ms() + (this.world.busy_ms ?? 0);
  }

  override perform(request: Request): Answer {
    // What the wire takes passes for the cell as well, before a switch moves.
    if (request[0] === 'pinWrite' && (this.world.busy_ms ?? 0) > BUSY_MS) this.world.advanceTo(this.here_ms());
    this.longest_ms = Math.max(this.longest_ms, this.world.busy_ms ?? 0);
    if (this.here_ms() > this.bites_ms) throw new WatchdogBite();
    const answer = super.perform(request);
    this.forget();
    switch (request[0]) {
      case 'setTimer':
        this.due_ms.set(request[1], this.here_ms() + Math.max(1, request[2]));
        break;
      case 'clearTimer':
        this.due_ms.delete(request[1]);
        break;
      case 'enableWatchdog':
        this.patience_ms = 1000 * request[1];
        this.bites_ms = this.here_ms() + this.patience_ms;
        break;
      case 'kickWatchdog':
        this.bites_ms = this.here_ms() + this.patience_ms;
        break;
      case 'getTime':
        return (answer as number) + this.clockOffset_ms / 1000;
      default:
    }
    return answer;
  }

  /** A program may catch what a request throws: this stays. */
  isBitten(): boolean {
    return this.here_ms() > this.bites_ms;
  }

  override nextTimer(): number | undefined {
    const id = super.nextTimer();
    if (id !== undefined) this.due_ms.delete(id);
    return id;
  }
}

export class DeviceRig extends ChannelRig {
  readonly hardware: Hardware;
  readonly flash: NorFlash;
  /** How late every timer is: a processor that is busy with something else. */
  late_ms = 0;
  /** Resets since the first start. */
  resets = 0;
  /** What the firmware exposes; undefined until it has booted. */
  caldera: Device | undefined;
  private board!: TimedBoard;
  private device!: NodeDevice;
  private bootsAt_ms = 0;
  private stopped = false;

  constructor(
    scenario: Scenario,
    injection: ChannelInjection | undefined,
    private readonly built: Built,
  ) {
    super(scenario, injection);
    this.flash = new NorFlash(FLASH_BEGIN, FLASH_PAGE, FLASH_PAGES, new Random(scenario.seed, 'flash'));
    this.hardware = new Hardware({ ...partFiles(built), [CONFIG_FILE]: JSON.stringify(this.config) }, this.flash);
    this.newBoard();
    this.boot();
    this.serve(`key ${KEY}`);
  }

  get bms(): Bms | undefined {
    return this.caldera?.bms;
  }

  override begin(size: number, random: Random): void {
    super.begin(size, random);
    this.injection?.act?.(this, size, random);
  }

  override end(): void {
    super.end();
    this.injection?.undo?.(this);
  }

  override isBeyond(): boolean {
    return this.injection?.isBeyondOnDevice ? this.injection.isBeyondOnDevice(this) : super.isBeyond();
  }

  override isTrue(fault: Fault): boolean {
    if (fault === Fault.BrownOut) return this.resets > 0;
    // A bus that stood still has brought nothing.
    if (fault === Fault.StaleData) return this.board.longest_ms > this.config.limits.maxAge_ms;
    return super.isTrue(fault);
  }

  get error(): string {
    return this.caldera?.error ?? 'it does not boot';
  }
  get startFault(): Fault {
    return this.caldera?.fault ?? Fault.None;
  }

  run(until_ms: number, until?: () => boolean): void {
    while (this.crash === undefined) {
      const next_ms = this.nextEvent_ms();
      if (next_ms > until_ms) {
        this.channel.advanceTo(until_ms);
        return;
      }
      this.step(next_ms);
      this.crash ??= this.channel.bus.misuse;
      this.onTick?.();
      if (until?.()) return;
    }
  }

  /** A line of the service, answered at once. */
  serve(line: string): string {
    const serve = this.device.evaluate('global.serve') as (line: string) => string;
    return this.guarded(() => serve(line)) ?? '';
  }

  /** A command that takes the key. @returns the device's answer */
  command(command: string): string {
    const asked = this.serve(`challenge ${command}`);
    if (!asked.startsWith('ok')) return asked;
    const challenge = parseChallenge(asked);
    return this.serve(`do ${respond(challenge, command, KEY)} ${command}`);
  }

  release(fault: Fault): string {
    const answer = this.command(`release ${fault}`);
    return answer.startsWith('ok') ? '' : answer;
  }

  /** The device starts anew by itself. */
  restart(): void {
    // Nothing to do but wait.
  }

  stop(): void {
    this.stopped = true;
  }

  /** The controller starts again, with its pins low until it does. @param parts whether those on the bus lose their supply too */
  reset(cause: ResetState, parts = false): void {
    const { channel } = this;
    channel.live();
    this.resets++;
    this.hardware.resetState = cause;
    this.flash.cutAfter = Infinity;
    this.caldera = undefined;
    this.stopped = false;
    for (const pin of [channel.chargeSwitch, channel.dischargeSwitch]) pin.write(false);
    if (parts) {
      channel.ina.reset();
      channel.dac.powerUp();
      channel.ads.reset();
    }
    this.newBoard();
    this.bootsAt_ms = this.now_ms + BOOT_MS;
  }

  /** Sets the controller's clock [ms]. */
  setClock(by_ms: number): void {
    this.board.clockOffset_ms += by_ms;
  }

  private newBoard(): void {
    this.board = new TimedBoard(this.channel);
    // Its clock begins with the boot.
    this.board.clockOffset_ms = -this.now_ms;
    this.device = new NodeDevice(this.board, this.hardware, this.built.names);
  }

  private boot(): void {
    this.bootsAt_ms = Infinity;
    this.guarded(() => this.device.boot(this.built.code));
    this.caldera = this.device.caldera as Device | undefined;
  }

  private nextEvent_ms(): number {
    if (this.bootsAt_ms < Infinity) return this.bootsAt_ms;
    const { board } = this;
    const due_ms = this.stopped ? Infinity : Math.min(...board.due_ms.values()) + this.late_ms;
    return Math.max(this.now_ms, Math.min(due_ms, board.bites_ms));
  }

  private step(at_ms: number): void {
    const { channel, board } = this;
    channel.advanceTo(at_ms);
    if (this.bootsAt_ms < Infinity) return this.boot();
    if (this.stopped || board.bites_ms <= at_ms) return this.reset(ResetState.Watchdog);
    this.guarded(() => {
      const id = board.nextTimer();
      if (id !== undefined) this.device.call(id);
    });
  }

  /** Power that failed in a write ends all. */
  private guarded<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (this.flash.cutAfter > 0 && !this.board.isBitten()) this.crash = error;
      return undefined;
    } finally {
      if (this.flash.cutAfter === 0) this.reset(ResetState.BrownOut, true);
      else if (this.board.isBitten()) {
        this.channel.advanceTo(Math.max(this.now_ms, this.board.bites_ms));
        this.reset(ResetState.Watchdog);
      }
    }
  }
}
