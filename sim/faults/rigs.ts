/** Builds the rig of a scenario. */
import { findChannelInjection, findPackInjection } from './injections';
import type { ChannelInjection } from './injections/injection';
import { PackRig } from './packRig';
import { ProcessRig } from './processRig';
import type { Rig } from './rig';
import type { Scenario } from './scenario';

/** Makes a rig of a whole device. */
export type CreateDeviceRig = (scenario: Scenario, injection: ChannelInjection | undefined) => Rig;
let createDeviceRig: CreateDeviceRig | undefined;

/** Says how rigs of this process get their device (see deviceBuild.ts): not all that run scenarios have one. */
export function useDevices(create: CreateDeviceRig): void {
  createDeviceRig = create;
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
  if (createDeviceRig === undefined) throw new Error('no bundle has been built for the device');
  return createDeviceRig(scenario, injection);
}
