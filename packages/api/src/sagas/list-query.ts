import { z } from 'zod';
import { BusinessKey, SagaStatus } from '@amends/contracts';
import type { KnownSagas } from '@amends/client/internal';
import { Limit } from '../limit.ts';

const Time = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time, such as 2026-01-31T08:26:00.000Z' })
  .transform((text) => new Date(text));

/** What `GET /sagas` may be asked; any other parameter is refused rather than ignored. */
export const listQuery = ({ catalog }: KnownSagas) =>
  z.strictObject({
    saga: z
      .string()
      .refine((saga) => catalog.has(saga), 'there is no saga of that name')
      .optional(),
    status: SagaStatus.optional(),
    key: BusinessKey.optional(),
    after: Time.optional(),
    before: Time.optional(),
    limit: Limit,
    cursor: z.string().optional(),
  });
