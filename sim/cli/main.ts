#!/usr/bin/env node
import { extname } from 'node:path';
import { runAsProcess } from './process';
import { services } from './wiring';

// From the sources, `npm run caldera` has changed to the package's folder; paths are meant from where it was typed.
const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
if (extname(__filename) === '.ts' && script === 'caldera' && typedIn !== undefined) process.chdir(typedIn);

void runAsProcess(process.argv.slice(2), services);
