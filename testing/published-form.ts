import { Ajv } from 'ajv';
import asyncApi from '../contracts/asyncapi.json' with { type: 'json' };
import type { SagaEventToPublish } from '../packages/contracts/src/engine-activities.ts';
import { newEvent } from '../packages/events/src/edge/new-event.ts';

const DOCUMENT = 'asyncapi.json';
/** Its times are held by patterns; a reader need not know JSON Schema's formats. */
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true }).addSchema(asyncApi, DOCUMENT);

/** By a pointer into contracts/asyncapi.json: `/components/schemas/SagaEvent`. */
const unlike = (pointer: string, value: unknown): readonly string[] => {
  const ref = `${DOCUMENT}#${pointer}`;
  const known = ajv.getSchema(ref);
  if (!known) return [`nothing is published as ${pointer}`];
  return known(value) === true
    ? []
    : (known.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
};

/** What of the parts of a message is not as contracts/asyncapi.json has it; none when all is. */
export const unlikeMessage = (
  name: string,
  parts: { readonly payload?: unknown; readonly headers?: unknown },
): readonly string[] =>
  Object.entries(parts).flatMap(([part, value]) =>
    unlike(`/components/messages/${name}/${part}`, value).map((wrong) => `${name}: ${part}${wrong}`),
  );

/** What of a CloudEvent, as JSON, is not as it is published (E7). */
export const unlikePublished = (event: { readonly type: string }): readonly string[] =>
  unlikeMessage(event.type, { payload: event });

/** The same of an event of a saga, which has not been made a CloudEvent yet; sagas that only tests run keep to the one form of all. */
export const unlikeSagaEvents = (events: Iterable<SagaEventToPublish>): readonly string[] =>
  [...events].flatMap(({ id, type, data }) => {
    const event = newEvent({ type, source: '/test', subject: data.key, data, id, time: data.at });
    const form = JSON.parse(JSON.stringify(event)) as { type: string; data: unknown };
    return type in asyncApi.channels
      ? unlikePublished(form)
      : unlike('/components/schemas/SagaEvent', form.data).map((wrong) => `${type}: ${wrong}`);
  });
