/** The scenarios that every target must do alike: whole cycles, and the faults of the safety campaign. */
import { InputError } from '../errors';
import { FAULT_SUITE } from '../faults/suite';
import { SCENARIOS, type Scenario } from './scenarios';

export const SUITE: readonly Scenario[] = [...SCENARIOS, ...FAULT_SUITE];

/** Those whose names contain one of the texts; all without texts. @throws InputError where a text names none */
export function pickScenarios(texts: readonly string[] = []): readonly Scenario[] {
  for (const text of texts)
    if (!SUITE.some(({ name }) => name.includes(text)))
      throw new InputError(`--scenario: no scenario's name contains "${text}"; allowed: a name of caldera hil --list`);
  return texts.length === 0 ? SUITE : SUITE.filter(({ name }) => texts.some((text) => name.includes(text)));
}
