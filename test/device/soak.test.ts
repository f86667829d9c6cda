import { pickScenarios } from '../../sim/hil/suite';
import { soak } from '../../sim/hil/scenarios';
import { LONG } from '../long';
import { runsOnInterpreter } from './suite';

/** An hour of what `caldera hil --soak 24h` does for a day. */
runsOnInterpreter('cycles', [...pickScenarios(['six fast cycles']), soak(1)], LONG);
