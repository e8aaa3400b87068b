import type { Pool } from 'pg';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { buildProcesses, stopCompiler } from '../../packages/amends/src/local/build/build.ts';
import { crashPoints } from '../../packages/participant/src/index.ts';
import { nameOfBlow } from './blows.ts';
import { crashTable, figuresOf, wrongOf } from './crash-table.ts';
import { OPS } from './paths.ts';
import { CRASHING_PROCESSES } from './process-to-crash.ts';
import { proveByCrash, type CrashProofAsked } from './prove-by-crash.ts';
import { SUBJECTS } from './subjects.ts';
import { trialsOf } from './trials.ts';

let build: string;
beforeAll(async () => {
  build = await buildProcesses(CRASHING_PROCESSES);
  await stopCompiler();
});

const prove = (asked: Pick<CrashProofAsked, 'kills' | 'services' | 'spoil'>) =>
  proveByCrash({ seed: 1, postgresUrl: inject('postgresUrl'), build, ...asked });

describe('P1, P5, P7, P12: killed with SIGKILL between receiving and answering, or cut from its database at COMMIT', () => {
  it('inventory and payments have each effect once after a repeat, and so has the card provider that is killed', async () => {
    const { tried, wrong } = await prove({ kills: 8, services: ['inventory', 'payments'] });
    expect([...wrongOf(tried), ...wrong]).toEqual([]);
    expect(figuresOf(tried)).toEqual({ kills: 8, providerKills: 1, cuts: 3, doubled: 0, lost: 0 });
  }, 300_000);

  it('and the proof finds what is doubled by a service that forgets its records', async () => {
    // the row is there until COMMIT, so that the service itself notices nothing
    const spoil = (database: Pool) =>
      database.query(`${FORGET}
      create constraint trigger forget after update on saga_operations
      deferrable initially deferred for each row execute function forget()`);
    const { tried } = await prove({ kills: 3, services: ['inventory'], spoil });
    expect(figuresOf(tried).doubled).toBeGreaterThan(0);
    expect(crashTable(tried)).toMatch(/\d doubled/);
  }, 300_000);

  it('and what is lost by a service whose effect is not in the transaction of its record', async () => {
    const spoil = (database: Pool) =>
      database.query(`${FORGET}
      create constraint trigger forget after insert on notifications
      deferrable initially deferred for each row execute function forget()`);
    const { tried } = await prove({ kills: 3, services: ['notifications'], spoil });
    expect(figuresOf(tried).lost).toBeGreaterThan(0);
    expect(crashTable(tried)).toMatch(/\d lost/);
  }, 300_000);
});

const FORGET = `
create function forget() returns trigger language plpgsql as $$ begin
  if tg_table_name = 'saga_operations' then delete from saga_operations where key = new.key;
  else delete from notifications where notification_id = new.notification_id;
  end if;
  return null;
end $$;`;

describe('the trials', () => {
  it('are the same for the same seed, and others for another', () => {
    const trials = trialsOf({ kills: 50, seed: 7 });
    expect(trialsOf({ kills: 50, seed: 7 })).toEqual(trials);
    expect(trialsOf({ kills: 50, seed: 8 })).not.toEqual(trials);
    expect(new Set(trials.map(({ name }) => name)).size).toBe(trials.length);
  });

  it('pass every point with every request and every action, and strike the provider and each COMMIT', () => {
    const trials = trialsOf({ kills: 330, seed: 7 });
    expect(trials).toHaveLength(330 + 33 + 110);
    const points = new Set(trials.flatMap(({ blow }) => (blow.strikes === 'service' ? [blow.at] : [])));
    expect([...points].toSorted()).toEqual(Object.keys(crashPoints).toSorted());
    expect(new Set(trials.map(({ op }) => op))).toEqual(new Set(OPS));
    expect(new Set(trials.map(({ subject }) => subject))).toEqual(new Set(SUBJECTS));
    const blows = trials.map(({ blow }) => nameOfBlow(blow));
    for (const name of ['provider killed at calling', 'provider killed at called', 'connection cut in COMMIT (2)'])
      expect(blows).toContain(name);
  });
});
