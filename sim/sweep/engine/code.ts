/** The version of everything that a run depends on: results of different ones are never mixed. */
import { fingerprint } from '../../study/steering/fingerprint';

const PLACES = [
  ...['firmware', 'hal', 'missions', 'sim/bench', 'sim/build', 'sim/campaign', 'sim/cell', 'sim/chips', 'sim/faults'],
  ...[
    'sim/fit',
    'sim/mission',
    'sim/profiles',
    'sim/reproduce',
    'sim/service',
    'sim/sweep',
    'sim/thermal',
    'sim/random.ts',
  ],
];

/** The package's version and a digest of its sources. */
export const codeVersion = (version: string): string => `${version}+${fingerprint(PLACES)}`;
