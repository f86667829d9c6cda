/** `npm run boards:docs`: writes what docs/boards/ shows of the built-in boards. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../build/build';
import { boardDocuments } from './documents';

for (const [file, content] of Object.entries(boardDocuments())) writeFileSync(join(packageFolder(), file), content);
