import type { System } from '@amends/runtime';
import { NO_BROKER } from '@amends/runtime/internal';
import type { SystemUrls } from './system-urls.ts';

const WIDTH = 16;

/** What a person reads when the system runs: where everything is, and one command to try. */
export const welcome = ({ tryIt, services }: Pick<System, 'tryIt' | 'services'>, urls: SystemUrls): string =>
  [
    line('API', urls.api),
    line('Temporal Web UI', urls.temporalUi ?? 'of a Temporal that is not ours: TEMPORAL_UI_URL says where'),
    ...(urls.broker === undefined
      ? []
      : [line('Events', urls.broker === NO_BROKER ? overHttp(services, urls) : urls.broker)]),
    ...Object.entries(urls.services).map(([name, url], index) => line(index === 0 ? 'Services' : '', `${name} ${url}`)),
    ...(tryIt === undefined ? [] : ['', tryIt({ api: urls.api, ...urls.services })]),
  ].join('\n');

const line = (title: string, text: string): string => `${title.padEnd(WIDTH)}${text}`;

/** Without a broker, who takes events: the API, and the services that listen. */
const overHttp = (services: System['services'], urls: SystemUrls): string => {
  const listening = Object.entries(services).filter(([, place]) => 'listens' in place);
  const takers = [urls.api, ...listening.flatMap(([name]) => urls.services[name] ?? [])];
  return `over HTTP, without a broker: ${takers.map((url) => `${url}/events`).join(' · ')}`;
};
