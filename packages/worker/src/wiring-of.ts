import { ConfigError, type SystemConfig } from '@amends/runtime/internal';
import type { Wiring } from './activities/call-service.ts';
import type { Calls } from './define-calls.ts';

/**
 * How the workers of a system call its services: at the places of this environment, outsiders with the headers of theirs.
 *
 * @throws ConfigError naming the outsider whose headers no request can have
 */
export const wiringOf = (
  { system, places, SERVICE_TOKEN: serviceToken }: Pick<SystemConfig, 'system' | 'places' | 'SERVICE_TOKEN'>,
  calls: Calls,
): Wiring => {
  const contracts = system.app.services;
  const services = places.filter(({ kind }) => kind === 'service');
  return {
    contracts,
    urls: Object.fromEntries(services.map(({ name, url }) => [name, url])),
    outsiders: Object.fromEntries(
      services
        .filter(({ name }) => contracts[name]?.kind === 'outside')
        .map(({ name, headers }) => [
          name,
          { headers: sendable(name, headers), readRefusal: calls[name]?.readRefusal },
        ]),
    ),
    serviceToken,
  };
};

const sendable = (outsider: string, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // the error's own words have the value, which may be a secret
    throw new ConfigError(
      `The headers of ${outsider} cannot be sent: a name or a value has characters that HTTP does not allow.`,
    );
  }
};
