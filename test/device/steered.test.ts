import { pickScenarios } from '../../sim/hil/suite';
import { runsOnInterpreter } from './suite';

runsOnInterpreter('adaptive cycles', pickScenarios(['ten steered cycles']));
