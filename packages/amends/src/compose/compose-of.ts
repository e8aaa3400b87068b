import { placesOf, type Place, type System } from '@amends/runtime/internal';
import { SERVER_CONFIGS, serverBlocks } from './server-blocks.ts';

/** Who the containers belong to: as package.json says it. */
export interface Application {
  readonly name: string;
  readonly version: string;
}

/**
 * The whole system as a docker-compose.yml: the same processes and variables as `amends start`, from one image that `amends build` fills.
 * Every published port is on loopback; neither PostgreSQL nor NATS is published.
 */
export const composeOf = (system: System, { name, version }: Application): string => {
  const places = placesOf(system, '0.0.0.0', {});
  const own = places.filter(({ entry }) => entry !== null);
  const services = own.filter(({ kind }) => kind === 'service');
  const besides = own.filter(({ kind }) => kind === 'beside');
  const folders = besides.filter(({ folder }) => folder !== null);
  return [
    HEADING,
    `name: ${name}\n`,
    common(name, version),
    environment(system, places),
    NEEDS,
    `services:\n${serverBlocks(own.filter(({ database }) => database).map((place) => place.name))}`,
    ...besides.map((place) => besideBlock(place)),
    ...services.map((place) => serviceBlock(place, besides)),
    workersBlock(system, services),
    ...own.filter(({ kind }) => kind === 'api').map(apiBlock),
    SERVER_CONFIGS,
    `volumes:\n${['postgres', 'nats', ...folders.map((place) => place.name)].map((one) => `  ${one}:\n`).join('')}`,
  ].join('\n');
};

const HEADING = `# Written by \`amends compose\` from amends.config.ts: change that, and run \`amends compose > docker-compose.yml\`.
# The whole system for those who have Docker (Compose 2.23.1 or newer): docker compose up --build --wait
# The same processes and variables as \`amends start\`. Passwords are for this machine alone: every published port is on loopback, and
# neither PostgreSQL nor NATS is published.`;

const common = (name: string, version: string): string => `x-logging: &logging
  driver: json-file
  options: { max-size: 10m, max-file: '4' }

x-amends: &amends
  build: .
  image: ${name}:${version}
  logging: *logging
  init: true
  read_only: true
  tmpfs: [/tmp]
  restart: unless-stopped
  # in order, work in flight ends: a process has 15 s for it
  stop_grace_period: 20s
  security_opt: ['no-new-privileges:true']
  cap_drop: [ALL]
`;

/** Where a part is reached inside; what the environment names instead is taken. */
const urlLine = ({ name, kind, variable, entry, port, url }: Place): string[] =>
  kind === 'api' ? [] : [`${variable}_URL: \${${variable}_URL:-${entry === null ? url : `http://${name}:${port}`}}`];

const environment = (system: System, places: readonly Place[]): string =>
  [
    'x-environment: &environment',
    ...[
      'HOST: 0.0.0.0',
      'TEMPORAL_ADDRESS: temporal:7233',
      'TEMPORAL_NAMESPACE: default',
      'TEMPORAL_UI_URL: http://localhost:${TEMPORAL_UI_PORT:-8233}',
      'NATS_URL: nats://nats:4222',
      ...places.flatMap(urlLine),
      ...(system.variables ?? []).map(fromOutside),
      'SERVICE_TOKEN: ${SERVICE_TOKEN:-}',
      'MAX_BODY_BYTES: ${MAX_BODY_BYTES:-}',
      'AMENDS_TIMES: ${AMENDS_TIMES:-}',
      'LOG_LEVEL: ${LOG_LEVEL:-info}',
    ].map((line) => `  ${line}`),
    '',
  ].join('\n');

const fromOutside = (variable: string): string => `${variable}: \${${variable}:-}`;

const NEEDS = `x-service-needs: &service-needs
  databases: { condition: service_completed_successfully }
  nats: { condition: service_healthy }

x-often: &often
  interval: 5s
  timeout: 5s
  start_period: 60s
  start_interval: 1s
  retries: 6
`;

const healthy = ({ name }: Place): string => `      ${name}: { condition: service_healthy }`;

/** One process, which listens. @param needs the lines of its `depends_on` */
const block = (
  { name, entry, port, variable }: Place,
  {
    needs,
    variables,
    volumes = [],
  }: { needs: readonly string[]; variables: readonly string[]; volumes?: readonly string[] },
): string =>
  [
    `  ${name}:`,
    '    <<: *amends',
    `    command: [node, dist/${built(entry)}]`,
    ...needs,
    '    environment:',
    '      <<: *environment',
    `      ${variable}_PORT: ${port}`,
    ...variables.map((line) => `      ${line}`),
    ...(volumes.length > 0 ? ['    volumes:', ...volumes.map((line) => `      - ${line}`)] : []),
    '    ports:',
    `      - 127.0.0.1:\${${variable}_PORT:-${port}}:${port}`,
    '    healthcheck:',
    '      <<: *often',
    `      test: [CMD, node, -e, "fetch('http://127.0.0.1:${port}/readyz').then(({ ok }) => process.exit(ok ? 0 : 1))"]`,
    '',
  ].join('\n');

const built = (entry: string | null): string => (entry ?? '').replace(/\.[cm]?ts$/, '.js');

const besideBlock = (place: Place): string =>
  block(place, {
    needs: [],
    variables: [...(place.folder === null ? [] : [`${place.folder}: /data`]), ...place.variables.map(fromOutside)],
    volumes: place.folder === null ? [] : [`${place.name}:/data`],
  });

const serviceBlock = (place: Place, besides: readonly Place[]): string =>
  block(place, {
    needs:
      besides.length === 0
        ? ['    depends_on: *service-needs']
        : ['    depends_on:', '      <<: *service-needs', ...besides.map(healthy)],
    variables: [`DATABASE_URL: postgres://${place.name}:\${SERVICES_PASSWORD:-services}@postgres:5432/${place.name}`],
  });

const workersBlock = ({ workers }: System, services: readonly Place[]): string => `  workers:
    <<: *amends
    command: [node, dist/${built(workers.entry)}]
    depends_on:
      temporal-namespace: { condition: service_completed_successfully }
      nats: { condition: service_healthy }
${services.map((place) => `${healthy(place)}\n`).join('')}    environment:
      <<: *environment
      AMENDS_CALL_STACKS: \${AMENDS_CALL_STACKS:-}
    healthcheck:
      <<: *often
      # no port of its own: asks Temporal whether this container's workers ask for work
      test: [CMD, node, dist/workers-health.js]
      interval: 30s
      timeout: 10s
`;

const apiBlock = (place: Place): string =>
  block(place, {
    needs: [
      '    depends_on:',
      '      temporal-namespace: { condition: service_completed_successfully }',
      '      nats: { condition: service_healthy }',
      '      workers: { condition: service_healthy }',
    ],
    variables: [],
  });
