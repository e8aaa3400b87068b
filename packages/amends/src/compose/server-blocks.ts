/** The servers of a system in containers: PostgreSQL with a database for each of these names, Temporal with its Web UI, NATS. */
export const serverBlocks = (databases: readonly string[]): string => `  postgres:
    image: postgres:18.4
    logging: *logging
    restart: unless-stopped
    environment:
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:-postgres}
    volumes:
      - postgres:/var/lib/postgresql
    healthcheck:
      <<: *often
      # over TCP: the server that initialises the data answers on its socket alone
      test: [CMD, pg_isready, --host=127.0.0.1, --username=postgres]

  # a database and a role for each service, closed to all others; harmless when they exist
  databases:
    image: postgres:18.4
    logging: *logging
    depends_on:
      postgres: { condition: service_healthy }
    environment: &postgres-client
      PGHOST: postgres
      PGUSER: postgres
      PGPASSWORD: \${POSTGRES_PASSWORD:-postgres}
      SERVICES_PASSWORD: \${SERVICES_PASSWORD:-services}
    entrypoint: [/bin/sh, -euc]
    command:
      - |
        for service in ${databases.join(' ')}; do
          psql --set=ON_ERROR_STOP=1 --set=service="$$service" --set=password="$$SERVICES_PASSWORD" <<'SQL'
        select format('create role %I login', :'service')
          where not exists (select from pg_roles where rolname = :'service') \\gexec
        alter role :"service" password :'password';
        select format('create database %I owner %I', :'service', :'service')
          where not exists (select from pg_database where datname = :'service') \\gexec
        revoke all on database :"service" from public;
        SQL
        done

  # as in temporalio/samples-server, compose/
  temporal-schema:
    image: temporalio/admin-tools:1.32.0
    logging: *logging
    depends_on:
      postgres: { condition: service_healthy }
    environment:
      SQL_PASSWORD: \${POSTGRES_PASSWORD:-postgres}
    entrypoint: [/bin/sh, -euc]
    command:
      - |
        schema() {
          tool="temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u postgres --db $$1"
          $$tool create
          $$tool setup-schema -v 0.0
          $$tool update-schema -d "/etc/temporal/schema/postgresql/v12/$$2/versioned"
        }
        schema temporal temporal
        schema temporal_visibility visibility

  temporal:
    image: temporalio/server:1.32.0
    logging: *logging
    restart: unless-stopped
    depends_on:
      temporal-schema: { condition: service_completed_successfully }
    environment:
      DB: postgres12
      DB_PORT: 5432
      POSTGRES_SEEDS: postgres
      POSTGRES_USER: postgres
      POSTGRES_PWD: \${POSTGRES_PASSWORD:-postgres}
      BIND_ON_IP: 0.0.0.0
      DYNAMIC_CONFIG_FILE_PATH: config/dynamicconfig/amends.yaml
    configs:
      - source: temporal-settings
        target: /etc/temporal/config/dynamicconfig/amends.yaml
    ports:
      - 127.0.0.1:\${TEMPORAL_PORT:-7233}:7233
    healthcheck:
      <<: *often
      # its image has nothing to ask it with; its port is open up to a minute before it can serve, for which temporal-namespace waits
      test: [CMD, nc, -z, localhost, '7233']

  temporal-namespace:
    image: temporalio/admin-tools:1.32.0
    logging: *logging
    depends_on:
      temporal: { condition: service_healthy }
    environment:
      TEMPORAL_ADDRESS: temporal:7233
    entrypoint: [/bin/sh, -euc]
    command:
      - |
        ready() {
          temporal operator cluster health &&
            { temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
              temporal operator namespace create --namespace default --retention 30d; }
        }
        attempt=1
        until ready; do
          [ "$$attempt" -lt 120 ] || exit 1
          attempt=$$((attempt + 1))
          sleep 1
        done

  temporal-ui:
    image: temporalio/ui:2.54.1
    logging: *logging
    restart: unless-stopped
    depends_on:
      temporal-namespace: { condition: service_completed_successfully }
    environment:
      TEMPORAL_ADDRESS: temporal:7233
    ports:
      - 127.0.0.1:\${TEMPORAL_UI_PORT:-8233}:8080

  nats:
    image: nats:2.15.1-alpine
    logging: *logging
    restart: unless-stopped
    command: [--config, /etc/nats/amends.conf]
    configs:
      - source: nats-settings
        target: /etc/nats/amends.conf
    volumes:
      - nats:/data
    healthcheck:
      <<: *often
      test: [CMD, wget, --quiet, --spider, http://127.0.0.1:8222/healthz]
`;

/** What the servers are set up with. */
export const SERVER_CONFIGS = `configs:
  nats-settings:
    content: |
      http: 127.0.0.1:8222
      server_name: amends
      max_payload: 2MB
      jetstream { store_dir: /data, sync_interval: always }
  temporal-settings:
    content: |
      # PostgreSQL's schema has room for 255 characters
      limit.maxIDLength:
        - value: 255
`;
