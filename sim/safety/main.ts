/** `npm run faults:table`: writes what is made from the fault table. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../build/build';
import { compiledNames, compiledRows } from './compile';
import { manual, manualPictures } from './manual';

const write = (file: string, text: string): void => writeFileSync(join(packageFolder(), file), text);

write('firmware/protect/rows.ts', compiledRows());
write('firmware/protect/names.ts', compiledNames());
write('docs/safety.md', manual());
for (const [name, picture] of Object.entries(manualPictures())) write(`docs/pictures/${name}`, picture);
