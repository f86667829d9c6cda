/** Gives the rigs of this process whole devices, which run the bundle that is flashed. */
import type { BuildResult } from '../results/types';
import { DeviceRig } from './deviceRig';
import { useDevices } from './rigs';

/** The bundle is made once (sim/build), it takes a second. */
export const useBuild = (bundle: Pick<BuildResult, 'code' | 'parts' | 'names'>): void =>
  useDevices((scenario, injection) => new DeviceRig(scenario, injection, bundle));
