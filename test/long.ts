/** Runs of many minutes: soaks, whole suites through a port, every volcano. `npm run test:long` does them too. */
export const LONG = process.env.CALDERA_LONG === '1';

if (!LONG) console.warn('SKIPPED: the long runs of this file; npm run test:long does them.');
