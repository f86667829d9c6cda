/** The simulator's side of a run on a port: the same bundle on Node, each tick kept for the device. */
import type { Bms } from '../../../firmware/bms';
import { partFiles } from '../../build/build';
import type { BuildResult } from '../../results/types';
import { Board } from '../board';
import { arrayBytes } from '../memory';
import { Hardware, NodeDevice } from '../nodeDevice';
import { scenarioFiles, type Scenario } from '../scenarios';
import { firmwareState, type StateLayout } from '../state';
import type { RecordedTick } from './tickCode';

export class Twin {
  readonly bootTick: RecordedTick;
  readonly layout: StateLayout;
  /** Timer callbacks: ticks, and what is done between them. */
  callbacks = 0;
  private readonly board: Board;
  private readonly node: NodeDevice;
  private readonly readState: (into: Float64Array) => void;
  private last_ms: number;
  private counted = 0;

  /** @throws when the firmware does not start */
  constructor(
    private readonly scenario: Scenario,
    built: BuildResult,
  ) {
    this.board = new Board(scenario.createWorld());
    this.board.keepsInside = true;
    this.node = new NodeDevice(
      this.board,
      new Hardware({ ...partFiles(built), ...scenarioFiles(scenario) }),
      built.names,
    );
    this.node.boot(built.code);
    this.last_ms = this.now_ms;
    this.bootTick = this.recorded(0);
    this.layout = firmwareState(this.node, built.names);
    this.readState = this.node.evaluate(`(${this.layout.readSource})`) as (into: Float64Array) => void;
  }

  get arrays(): number[] {
    return arrayBytes(this.node.evaluate('global.caldera'));
  }

  get now_ms(): number {
    return this.board.world.now_ms();
  }

  get ticks(): number {
    return this.bms.ticks;
  }

  get done(): boolean {
    return this.scenario.done(this.bms, this.now_ms);
  }

  /** What is wrong with the outcome; undefined: nothing. */
  get verdict(): string | undefined {
    return this.scenario.verdict(this.bms);
  }

  state(): Float64Array {
    const state = new Float64Array(this.layout.names.length);
    this.readState(state);
    return state;
  }

  tick(): RecordedTick {
    this.board.forget();
    const id = this.board.nextTimer();
    if (id === undefined) throw new Error('the firmware set no timer: it would never run again');
    this.node.call(id);
    this.callbacks++;
    return this.recorded(id);
  }

  private get bms(): Bms {
    return (this.node.caldera as { bms: Bms }).bms;
  }

  private recorded(timer: number): RecordedTick {
    const { board } = this;
    if (board.failure !== undefined) throw board.failure;
    const at_ms = this.now_ms;
    const wait_ms = at_ms - this.last_ms;
    this.last_ms = at_ms;
    const isTick = this.ticks !== this.counted;
    this.counted = this.ticks;
    return { timer, isTick, at_ms, wait_ms, requests: board.requests, answers: board.answers };
  }
}
