import { SERVICE_NAMES, type ServiceName } from './service-names.ts';

/** The sources that the processes of the system start from. */
export const API_ENTRY = 'api/main.ts';
export const WORKERS_ENTRY = 'workers/main.ts';
/** The card provider, which is nobody's service: payments calls it as it would a third party. */
export const PROVIDER_ENTRY = 'services/card-provider/main.ts';
export const serviceEntry = (name: ServiceName): string => `services/${name}/main.ts`;

export const ENTRIES: readonly string[] = [
  API_ENTRY,
  WORKERS_ENTRY,
  PROVIDER_ENTRY,
  ...SERVICE_NAMES.map(serviceEntry),
];
