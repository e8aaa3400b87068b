// A process of its own, which outlives a supervisor that was killed: each line on its standard input is the list of the
// system's processes as JSON, the latest counts; when the input ends it ends them in order. An empty list means: all is done.
import { createInterface } from 'node:readline';
import { endProcesses } from './end-processes.ts';
import type { StagedProcess } from './stage.ts';

for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
let latest: StagedProcess[] = [];
for await (const line of createInterface({ input: process.stdin })) latest = JSON.parse(line) as StagedProcess[];
const ended = await endProcesses(latest);
if (ended.length > 0) console.log(`the supervisor is gone; ended ${ended.map(({ name }) => name).join(', ')}`);
