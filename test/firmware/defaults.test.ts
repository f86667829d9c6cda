import { expect, it } from 'vitest';
import { anodeFreeCell } from '../../firmware/config/anodeFree';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';

it('a board without a configuration takes its cell for the one of the profile afl-l1', () => {
  expect(anodeFreeCell()).toEqual(cellModelOf(loadProfile('afl-l1')));
});
