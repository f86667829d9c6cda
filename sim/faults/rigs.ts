/** Builds the rig of a scenario. */
import type { BuildResult } from '../results/types';
import { DeviceRig } from './deviceRig';
import { findChannelInjection, findPackInjection } from './injections';
import { PackRig } from './packRig';
import { ProcessRig } from './processRig';
import type { Rig } from './rig';
import type { Scenario } from './scenario';

type Built = Pick<BuildResult, 'code' | 'parts' | 'names'>;
let built: Built | undefined;

/** The bundle for rigs of this process; made once (sim/build), it takes a second. */
export function useBuild(bundle: Built): void {
  built = bundle;
}

/** Whether the scenario can only be run with the whole device. */
export const needsDevice = ({ target, board, injected }: Scenario): boolean =>
  board === 'cycler' &&
  (target === 'device' || (injected !== null && findChannelInjection(injected.kind).act !== undefined));

export function createRig(scenario: Scenario): Rig {
  const { board, injected } = scenario;
  if (board !== 'cycler')
    return new PackRig(scenario, injected === null ? undefined : findPackInjection(injected.kind));
  const injection = injected === null ? undefined : findChannelInjection(injected.kind);
  if (!needsDevice(scenario)) return new ProcessRig(scenario, injection);
  if (built === undefined) throw new Error('no bundle has been built for the device');
  return new DeviceRig(scenario, injection, built);
}
