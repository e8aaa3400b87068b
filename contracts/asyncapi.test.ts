import { readFile } from 'node:fs/promises';
import { Parser, DiagnosticSeverity } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { unlikeMessage } from '../testing/published-form.ts';
import { asyncApi } from '../packages/contracts/src/asyncapi.ts';
import { event, olderVersion } from '../packages/contracts/src/define-event.ts';
import { events } from './events.ts';

const FILE = 'contracts/asyncapi.json';

const Json = z.record(z.string(), z.unknown());
const Message = z.object({ examples: z.array(z.object({ payload: Json, headers: Json.optional() })).min(1) });
const { messages } = z.object({ messages: z.record(z.string(), Message) }).parse(asyncApi(events)['components']);

/** A payload with one of its members made wrong. */
const broken = (payload: object): object => ('specversion' in payload ? { data: {} } : { orderId: 'o/1' });

/** What the official parser finds wrong. */
const wrongIn = async (document: object): Promise<string[]> => {
  const { diagnostics } = await new Parser().parse(JSON.stringify(document));
  return diagnostics
    .filter(({ severity }) => [DiagnosticSeverity.Error, DiagnosticSeverity.Warning].includes(severity as number))
    .map(({ message, path }) => `${path.join('/')}: ${message}`);
};

describe('contracts/asyncapi.json', () => {
  it('E7: is what the contracts say (npx amends asyncapi writes it anew)', async () => {
    expect(await readFile(FILE, 'utf8')).toBe(`${JSON.stringify(asyncApi(events), null, 2)}\n`);
  });

  it('E7: is valid by the official parser, without a warning', async () => {
    const text = await readFile(FILE, 'utf8');
    expect(await wrongIn(JSON.parse(text) as object)).toEqual([]);
    const { document } = await new Parser().parse(text);
    expect(
      document
        ?.channels()
        .all()
        .map((channel) => channel.address()),
    ).toEqual(Object.keys(events).map((type) => `events.${type}`));
  }, 60_000);

  it('E7: the official parser finds a schema that is none, and a reference to nothing', async () => {
    const document = asyncApi({ 'shop.order.placed.v1': events['shop.order.placed.v1'] });
    const { components, ...dangling } = document as { components: { schemas: object } };
    const noSchema = { ...components, schemas: { ...components.schemas, 'shop.order.placed.v1': { type: 'order' } } };
    expect(await wrongIn({ ...dangling, components: noSchema })).not.toEqual([]);
    expect(await wrongIn(dangling)).not.toEqual([]);
  }, 60_000);

  it('E7: each example is of its schema, by the contract and by the document', () => {
    for (const contract of Object.values(events)) {
      expect(contract.data.parse(contract.example)).toEqual(contract.example);
    }
    // the official parser does not look at examples in AsyncAPI 3
    for (const [name, { examples }] of Object.entries(messages)) {
      for (const { payload, headers } of examples) {
        const parts = headers === undefined ? { payload } : { payload, headers };
        expect([name, ...unlikeMessage(name, parts)]).toEqual([name]);
        const wrong = headers === undefined ? [] : [{ headers: { ...headers, 'ce-id': '' } }];
        for (const part of [{ payload: { ...payload, ...broken(payload) } }, ...wrong]) {
          expect(unlikeMessage(name, part)).not.toEqual([]);
        }
      }
    }
    expect(Object.keys(messages).filter((name) => name in events)).toEqual(Object.keys(events));
  });

  it('E7: an older version that is still taken is in it, with what becomes of it', async () => {
    const older = olderVersion('test.moved.v1', {
      data: z.object({ to: z.string() }),
      example: { to: 'Ulm' },
      upcast: ({ to }) => ({ city: to }),
    });
    const document = asyncApi({
      'test.moved.v2': event({
        publishedBy: 'a test',
        when: 'somebody has moved',
        data: z.object({ city: z.string() }),
        example: { city: 'Ulm' },
        older,
      }),
    });
    expect(document).toMatchObject({
      channels: {
        'test.moved.v1': {
          address: 'events.test.moved.v1',
          summary: expect.stringContaining('test.moved.v2') as unknown,
        },
      },
      operations: { 'receive.test.moved.v1': {}, 'receive.test.moved.v2': {} },
    });
    expect(await wrongIn(document)).toEqual([]);
  }, 60_000);

  it('is of the version that package.json has', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(asyncApi(events)).toMatchObject({ info: { version } });
  });
});
