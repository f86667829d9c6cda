import { pickScenarios } from '../../sim/hil/suite';
import { LONG } from '../long';
import { runsOnInterpreter } from './suite';

runsOnInterpreter('adaptive cycles', pickScenarios(['ten steered cycles']), LONG);
