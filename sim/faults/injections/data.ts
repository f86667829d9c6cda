/** Random bytes: no row is for them alone, but whatever the parts answer, the cell stays safe and the firmware alive. */
import { ALL, defects, type ChannelInjection } from './injection';

export const DATA_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'bits of the bus turn over',
    group: 'data',
    row: null,
    unit: 'chance of a bit',
    states: ALL,
    beyond: (random) => 10 ** (-4 + 3.7 * random.uniform()),
    start: (channel, _config, size, random) => void (channel.bus.defects = { bitErrors: { chance: size, random } }),
    stop: (channel) => void (channel.bus.defects = undefined),
    tolerance: { voltage_mV: 400, temperature_K: 12 },
  },
  {
    name: 'analogue inputs read anything',
    group: 'data',
    row: null,
    unit: 'V, K',
    states: ALL,
    beyond: (random) => 5 + 95 * random.uniform(),
    start(channel, _config, size) {
      defects(channel).coarseVoltage = { noise: size };
      defects(channel).coarseThermistor = { offset_K: size };
    },
    stop(channel) {
      delete channel.defects?.coarseVoltage;
      delete channel.defects?.coarseThermistor;
    },
  },
  {
    name: 'current monitor answers random bytes',
    group: 'data',
    row: null,
    unit: '',
    states: ALL,
    beyond: () => 0.5,
    start(channel, _config, size, random) {
      const address = channel.board.ina228.address;
      channel.bus.defects = { address, bitErrors: { chance: size, random } };
    },
    stop: (channel) => void (channel.bus.defects = undefined),
    tolerance: { voltage_mV: 400, temperature_K: 12 },
  },
];
