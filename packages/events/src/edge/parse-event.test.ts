import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { parseBatch } from './parse-batch.ts';
import { instantOf } from './timestamp.ts';
import { parseMessage, parseStructured } from './parse-event.ts';

const event = new CloudEvent({
  type: 'test.order.cancel-requested.v1',
  source: '/shop/orders',
  subject: 'o-1',
  id: 'e-1',
  time: '2026-01-31T08:26:00.000Z',
  datacontenttype: 'application/json',
  data: { orderId: 'o-1', reason: 'changed my mind' },
});
const attributes = {
  specversion: '1.0',
  id: 'e-1',
  type: 'test.order.cancel-requested.v1',
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

const parse = (value: unknown) => parseStructured(JSON.stringify(value));

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
    expect(parse(encoded).event).toMatchObject({ data });
  });

  it('E1: percent-encoded header values are decoded, malformed ones refused', () => {
    expect(parseMessage({ ...ce, 'ce-subject': 'caf%C3%A9' }, bytes(data)).event).toMatchObject({ subject: 'café' });
    expect(parseMessage({ ...ce, 'ce-subject': '%E0%A4%A' }, bytes(data))).toMatchObject({ notJson: false });
  });

  it('E1: extension attributes stay', () => {
    expect(parse({ ...structured, traceparent: '00-1-2-3' }).event).toMatchObject({
      traceparent: '00-1-2-3',
    });
    expect(parseMessage({ ...ce, 'ce-traceparent': '00-1-2-3' }, bytes(data)).event).toMatchObject({
      traceparent: '00-1-2-3',
    });
  });

  it.each(['id', 'source', 'type', 'specversion'])('E1: nothing is made up for a missing or empty %s', (name) => {
    const { [name]: _, ...missing } = structured as Record<string, unknown>;
    expect(parse(missing)).toMatchObject({ why: expect.stringContaining(name) as unknown });
    expect(parse({ ...structured, [name]: '' })).toMatchObject({
      why: expect.stringContaining(name) as unknown,
    });
    const { [`ce-${name}`]: __, ...headers } = ce;
    expect(parseMessage(headers, bytes(data))).toMatchObject({ why: expect.stringContaining(name) as unknown });
  });

  it.each([
    ['another specversion', { ...structured, specversion: '0.3' }],
    ['an unreadable time', { ...structured, time: 'yesterday' }],
    ['a time that is a number', { ...structured, time: '1' }],
    ['a time without offset', { ...structured, time: '2026-01-31T08:26:00' }],
    ['a time without seconds', { ...structured, time: '2026-01-31T08:26Z' }],
    ['30 February', { ...structured, time: '2026-02-30T08:26:00Z' }],
    ['29 February of a common year', { ...structured, time: '2026-02-29T08:26:00Z' }],
    ['the hour 24', { ...structured, time: '2026-01-31T24:00:00Z' }],
    ['an offset of 25 hours', { ...structured, time: '2026-01-31T08:26:00+25:00' }],
    ['a leap second at noon', { ...structured, time: '2026-01-31T12:00:60Z' }],
    ['a source with a blank', { ...structured, source: '/a shop' }],
    ['an id with a control character', { ...structured, id: 'e\u0000' }],
    ['an id with half of a surrogate pair', { ...structured, id: 'e\ud800' }],
    ['an empty subject', { ...structured, subject: '' }],
    ['a relative dataschema', { ...structured, dataschema: '/schema' }],
    ['a datacontenttype that is none', { ...structured, datacontenttype: 'json' }],
    ['an extension that is a list', { ...structured, tags: ['a'] }],
    ['an extension that is a fraction', { ...structured, share: 0.5 }],
    ['an extension over 32 bits', { ...structured, count: 2 ** 31 }],
    ['both data and data_base64', { ...structured, data_base64: 'e30=' }],
    ['data_base64 that is not base64', { ...attributes, data_base64: 'e30=*' }],
    ['a number for an id', { ...structured, id: 7 }],
    ['an attribute in capitals', { ...structured, orderId: 'o-1' }],
    ['a list', [structured]],
    ['null', null],
    ['a word', 'event'],
    ['data_base64 of no JSON', { ...attributes, data_base64: 'AAEC' }],
  ])('E1: %s is no CloudEvent', (_, value) => {
    expect(parse(value)).toMatchObject({ why: expect.any(String) as unknown, notJson: false });
  });

  it.each([
    '2026-01-31T08:26:00Z',
    '2026-01-31T10:26:00.123456789+02:00',
    '2026-01-31t08:26:00-00:00',
    '2024-02-29T08:26:00z',
    '2016-12-31T23:59:60Z',
    '2017-01-01T01:59:60.5+02:00',
  ])('E1: a time stays as it came: %s', (time) => {
    expect(parse({ ...structured, time }).event?.time).toBe(time);
    expect(parseMessage({ ...ce, 'ce-time': time }, bytes(data)).event?.time).toBe(time);
    expect(instantOf(time)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('E1: nothing is made up, and null is an attribute that is not there', () => {
    const { time: _, subject: __, ...least } = attributes;
    expect(parse(least).event).toEqual(least);
    expect(parse({ ...least, time: null, subject: null, data: null }).event).toEqual({ ...least, data: null });
    expect(parse({ ...least, id: null })).toMatchObject({ why: expect.stringContaining('id') as unknown });
  });

  it.each([
    ['"o-1"', 'o-1'],
    ['"o \\"1\\" \\\\ %22"', 'o "1" \\ "'],
    ['o%25201', 'o%201'],
    ['"o', '"o'],
  ])('E1: the header value %s is unquoted, then percent-decoded once', (value, subject) => {
    expect(parseMessage({ ...ce, 'ce-subject': value }, bytes(data)).event?.subject).toBe(subject);
  });

  it('E1: the items of a batch are cut as they were sent', () => {
    const one = ` {"specversion":"1.0","id":"1","source":"/a","type":"t","data":{"a":[1.0,"],}\\"{"]}}`;
    const batch = parseBatch(`\n[${one},${one} , 7, [[]] ,"a,b"]\r\n`, 10);
    const read = (batch.events ?? []).map((item) => (item.event ? item.json : item.why));
    const no = 'it is not a JSON object';
    expect(read).toEqual([one.trim(), one.trim(), no, no, no]);
    expect(parseBatch(' [ ] ', 10)).toEqual({ events: [] });
  });

  it.each(['', '[', '[1', '[1,]', '[,]', '[1,,2]', '[1}', '[{]}', '[1] 2', '["]', '{"a":[1]', '[1 2]'])(
    'E1: %j is no batch',
    (text) => {
      expect(parseBatch(text, 10)).toMatchObject({ fault: 'not-json' });
    },
  );

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
