#!/usr/bin/env node
import { runAsProcess } from './process';
import { services } from './wiring';

void runAsProcess(process.argv.slice(2), services);
