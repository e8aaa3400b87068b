import { HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { newEvent } from './new-event.ts';
import { parseMessage, parseStructured } from './parse-event.ts';

const event = newEvent({
  type: 'shop.order.cancel-requested.v1',
  source: '/shop/orders',
  subject: 'o-1',
  id: 'e-1',
  time: '2026-01-31T08:26:00.000Z',
  data: { orderId: 'o-1', reason: 'changed my mind' },
});
const attributes = {
  specversion: '1.0',
  id: 'e-1',
  type: 'shop.order.cancel-requested.v1',
  source: '/shop/orders',
  subject: 'o-1',
  time: '2026-01-31T08:26:00.000Z',
};
const data = { orderId: 'o-1', reason: 'changed my mind' };
const structured = { ...attributes, datacontenttype: 'application/json', data };
const ce = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const lower = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

const same = { ...attributes, data };

describe('CloudEvents over any binding', () => {
  it.each([
    ['structured, as the SDK writes it', HTTP.structured(event)],
    ['binary, as the SDK writes it', HTTP.binary(event)],
  ])('E1: reads %s', (_, { headers, body }) => {
    expect(parseMessage(lower(headers), bytes(body)).event).toMatchObject(same);
  });

  it.each([
    'application/cloudevents+json',
    'application/cloudevents+json; charset=utf-8',
    'application/cloudevents+json;charset=UTF-8',
    'Application/CloudEvents+JSON',
    'application/cloudevents',
  ])('E1: structured mode is told by %s', (type) => {
    expect(parseMessage({ 'content-type': type }, bytes(structured)).event).toMatchObject(same);
  });

  it.each(['application/json', 'application/json;charset=UTF-8', 'application/vnd.shop+json', undefined])(
    'E1: binary data is JSON by %s',
    (type) => {
      const headers = { ...ce, ...(type !== undefined && { 'content-type': type }) };
      expect(parseMessage(headers, bytes(data)).event).toMatchObject(same);
    },
  );

  it('E1: white space before the JSON is no fault', () => {
    expect(
      parseMessage({ 'content-type': 'application/cloudevents+json' }, bytes(`\n ${JSON.stringify(structured)}`)).event,
    ).toMatchObject(same);
    expect(parseMessage(ce, bytes(`\r\n\t${JSON.stringify(data)}`)).event).toMatchObject(same);
  });

  it('E1: data_base64 that holds JSON is that JSON', () => {
    const { data: _, ...rest } = structured;
    const encoded = { ...rest, data_base64: bytes(data).toString('base64') };
    expect(parseStructured(encoded).event).toMatchObject({ data });
  });

  it('E1: percent-encoded header values are decoded, malformed ones refused', () => {
    expect(parseMessage({ ...ce, 'ce-subject': 'caf%C3%A9' }, bytes(data)).event).toMatchObject({ subject: 'café' });
    expect(parseMessage({ ...ce, 'ce-subject': '%E0%A4%A' }, bytes(data))).toMatchObject({ notJson: false });
  });

  it('E1: extension attributes stay', () => {
    expect(parseStructured({ ...structured, traceparent: '00-1-2-3' }).event).toMatchObject({
      traceparent: '00-1-2-3',
    });
    expect(parseMessage({ ...ce, 'ce-traceparent': '00-1-2-3' }, bytes(data)).event).toMatchObject({
      traceparent: '00-1-2-3',
    });
  });

  it.each(['id', 'source', 'type', 'specversion'])('E1: nothing is made up for a missing or empty %s', (name) => {
    const { [name]: _, ...missing } = structured as Record<string, unknown>;
    expect(parseStructured(missing)).toMatchObject({ why: expect.stringContaining(name) as unknown });
    expect(parseStructured({ ...structured, [name]: '' })).toMatchObject({
      why: expect.stringContaining(name) as unknown,
    });
    const { [`ce-${name}`]: __, ...headers } = ce;
    expect(parseMessage(headers, bytes(data))).toMatchObject({ why: expect.stringContaining(name) as unknown });
  });

  it.each([
    ['another specversion', { ...structured, specversion: '0.3' }],
    ['an unreadable time', { ...structured, time: 'yesterday' }],
    ['a number for an id', { ...structured, id: 7 }],
    ['an attribute in capitals', { ...structured, orderId: 'o-1' }],
    ['a list', [structured]],
    ['null', null],
    ['a word', 'event'],
    ['data_base64 of no JSON', { ...attributes, data_base64: 'AAEC' }],
  ])('E1: %s is no CloudEvent', (_, value) => {
    expect(parseStructured(value)).toMatchObject({ why: expect.any(String) as unknown, notJson: false });
  });

  it('E1: what is not JSON where it should be is told apart', () => {
    const type = { 'content-type': 'application/cloudevents+json' };
    expect(parseMessage(type, bytes('{"id":'))).toMatchObject({ notJson: true });
    expect(parseMessage(type, Buffer.from([0xff, 0xfe, 0x7b]))).toMatchObject({ notJson: true });
    expect(parseMessage(ce, bytes('order o-1'))).toMatchObject({ notJson: true });
    expect(parseMessage(ce, bytes(''))).toMatchObject({ notJson: true });
  });

  it('E1: other formats and plain JSON are no CloudEvents', () => {
    expect(parseMessage({ 'content-type': 'application/cloudevents+avro' }, bytes('x'))).toMatchObject({
      notJson: false,
    });
    expect(parseMessage({ 'content-type': 'application/json' }, bytes(data))).toMatchObject({ notJson: false });
    expect(parseMessage({ ...ce, 'content-type': 'text/xml' }, bytes('<a/>'))).toMatchObject({ notJson: false });
    expect(parseMessage({}, bytes(data))).toMatchObject({ notJson: false });
  });
});
