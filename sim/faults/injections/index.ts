/** All that can be injected, on a channel and on a pack. */
import { InputError } from '../../errors';
import { nearest } from '../../nearest';
import { ACTUATOR_INJECTIONS } from './actuators';
import { BUS_INJECTIONS } from './bus';
import { CELL_INJECTIONS } from './cells';
import { DATA_INJECTIONS } from './data';
import { DEVICE_INJECTIONS } from './device';
import { FRONT_END_INJECTIONS } from './frontEnd';
import type { ChannelInjection, Injection, PackInjection } from './injection';
import { PACK_INJECTIONS } from './pack';
import { OPERATOR_INJECTIONS } from './operator';
import { SENSOR_INJECTIONS } from './sensors';
import { WATCHED_INJECTIONS } from './watched';

export const CHANNEL_INJECTIONS: readonly ChannelInjection[] = [
  ...SENSOR_INJECTIONS,
  ...BUS_INJECTIONS,
  ...ACTUATOR_INJECTIONS,
  ...CELL_INJECTIONS,
  ...OPERATOR_INJECTIONS,
  ...DATA_INJECTIONS,
  ...WATCHED_INJECTIONS,
  ...FRONT_END_INJECTIONS,
  ...DEVICE_INJECTIONS,
];

export { PACK_INJECTIONS };

/** Of either board. @throws InputError */
export const findInjection = (name: string): Injection => find([...CHANNEL_INJECTIONS, ...PACK_INJECTIONS], name);
export const findChannelInjection = (name: string): ChannelInjection => find(CHANNEL_INJECTIONS, name);
export const findPackInjection = (name: string): PackInjection => find(PACK_INJECTIONS, name);

function find<T extends Injection>(injections: readonly T[], name: string): T {
  const found = injections.find((injection) => injection.name === name);
  if (found) return found;
  const names = injections.map((one) => one.name);
  throw new InputError(`injection "${name}" is unknown; ${nearest(name, names)}`);
}
