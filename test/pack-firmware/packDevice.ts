/** The firmware that is flashed on a drone pack, on a simulated board in front of the bench: the real bundle, tick by tick. */
import { packConfig, type PackConfig } from '../../firmware/config/packDefaults';
import type { Gauge } from '../../firmware/drone/gauge';
import type { PackBms } from '../../firmware/pack';
import { Policy } from '../../firmware/protect/faults';
import { PackBench } from '../../sim/bench/pack';
import { build } from '../../sim/build/build';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { Board } from '../../sim/hil/board';
import { Hardware, NodeDevice } from '../../sim/hil/nodeDevice';
import type { BuildResult } from '../../sim/results/types';
import { typed } from '../device/life';
import { cellAt, PACKED, PROFILE, type Difference } from './packHarness';

export const packBundle = (): Promise<BuildResult> => build({ board: 'drone-6s' });

/** The parts by their names in Storage, and the configuration. */
export function filesOf(bundle: BuildResult, config: PackConfig | undefined): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(bundle.parts)) files[`caldera-${name}`] = text;
  if (config) files['caldera.json'] = JSON.stringify(config);
  return files;
}

/** Six cells that fly, with a model of the cell and a flight controller that listens. */
export function flightConfig(policy = Policy.Flight): PackConfig {
  return {
    ...packConfig(PACKED, 6, 0.5, 5, policy),
    cell: cellModelOf(PROFILE),
    mavlink: { uart: 'Serial2', rx: 'D16', tx: 'D17', baud: 57600, systemId: 1 },
  };
}

export interface PackDeviceUnderTest {
  readonly bench: PackBench;
  readonly hardware: Hardware;
  /** What the flight controller has received. */
  readonly wire: number[];
  /** Lines said. */
  readonly printed: string[];
  readonly caldera: { bms: PackBms | undefined; gauge: Gauge | undefined; error: string };
  /** Called after every tick. */
  onTick: (() => void) | undefined;
  run(time_s: number, until?: () => boolean): void;
  serve(line: string): string;
  /** Takes a request over the link; its answer is printed. */
  request(number: number, line: string): void;
  /** The controller starts anew; Storage and flash are kept. */
  restart(): void;
}

export function packDevice(
  bundle: BuildResult,
  config: PackConfig | undefined,
  differences: Difference[] = Array.from({ length: 6 }, () => ({})),
  charged_V = 4.3,
): PackDeviceUnderTest {
  const board0 = config?.board ?? packConfig(PACKED, 6, 0.5, 5, Policy.Flight).board;
  const bench = new PackBench(
    board0,
    differences.map((difference) => cellAt(difference, charged_V)),
    1,
  );
  const hardware = new Hardware(filesOf(bundle, config));
  let board = new Board(bench);
  let node: NodeDevice;
  const wire: number[] = [];
  const printed: string[] = [];
  const boot = (): void => {
    board = new Board(bench);
    node = new NodeDevice(board, hardware, bundle.names);
    const receive = node.evaluate('(function(take){Serial2={setup:function(){},write:take};})') as (
      take: (bytes: Uint8Array) => void,
    ) => void;
    receive((bytes) => void wire.push(...bytes));
    node.boot(bundle.code);
    note();
  };
  const note = (): void => {
    if (board.failure !== undefined) throw board.failure;
    for (const request of board.requests) if (request[0] === 'print') printed.push(request[1]);
    board.forget();
  };
  boot();
  const device: PackDeviceUnderTest = {
    bench,
    hardware,
    wire,
    printed,
    get caldera() {
      return node.caldera as PackDeviceUnderTest['caldera'];
    },
    onTick: undefined,
    run(time_s, until) {
      const end_ms = bench.clock.now_ms + 1000 * time_s;
      while (bench.clock.now_ms < end_ms && !until?.()) {
        const id = board.nextTimer();
        if (id === undefined) throw new Error('the firmware set no timer');
        node.call(id);
        note();
        device.onTick?.();
      }
    },
    serve: (line) => (node.evaluate('global.serve') as (line: string) => string)(line),
    request: (number, line) => void node.evaluate(typed(number, line)),
    restart: () => {
      hardware.resetState = 12;
      boot();
    },
  };
  return device;
}
