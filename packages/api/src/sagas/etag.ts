import type { SagaView } from '@amends/contracts';

/** The strong ETag of a view: its version. */
export const etagOf = ({ version }: Pick<SagaView, 'version'>): string => `"${version}"`;

const listed = (header: string): readonly string[] => header.split(',').map((tag) => tag.trim());

/** `If-None-Match` (RFC 9110, 13.1.2): compared weakly. */
export const matchesNone = (header: string | undefined, etag: string): boolean =>
  header === undefined || !listed(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag);

/** `If-Match` (RFC 9110, 13.1.1): compared strongly, so that a weak tag matches nothing. */
export const matches = (header: string | undefined, etag: string): boolean =>
  header === undefined || listed(header).some((tag) => tag === '*' || tag === etag);
