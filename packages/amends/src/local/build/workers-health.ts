// Ends with 0 when the workers of this host ask Temporal for work, else with 1 and a reason: a container's health check.
import { hostname } from 'node:os';
import { readConfig } from '@amends/runtime/internal';
import { temporalConnection } from '@amends/client/internal';
import { workersReady } from '../workers-ready.ts';

const { connectionOptions, namespace } = temporalConnection(readConfig());
try {
  await workersReady(connectionOptions, namespace, (identity) => identity.endsWith(`@${hostname()}`));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
process.exit();
