import { createHash } from 'node:crypto';
import type { ServiceCall } from '@amends/contracts/internal';

const hex = (text: string, digits: number): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/** `traceparent` (W3C Trace Context, version 00, sampled) of one attempt: one trace a saga, one parent id an attempt. */
export const traceParent = ({ key, op }: Pick<ServiceCall, 'key' | 'op'>, attempt: number): string => {
  const slash = key.lastIndexOf('/');
  const saga = slash < 0 ? key : key.slice(0, slash);
  return `00-${hex(saga, 32)}-${hex(`${key} ${op} ${attempt}`, 16)}-01`;
};
