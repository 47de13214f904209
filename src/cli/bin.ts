#!/usr/bin/env node
import { exitCodes } from './exitCodes.js';
import { run } from './program.js';
import { watchOutput } from './watchOutput.js';

const output = watchOutput();
const exitCode = await run(process.argv.slice(2));
process.exitCode = output.failed ? exitCodes.failure : exitCode;
