import { problem, type Answer } from './answer.ts';

const RFC_3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** When the saga began, in milliseconds since 1970, or what is wrong with the `Saga-Started` header. */
export type SagaStarted = number | 'started-missing' | 'started-invalid';

export const parseSagaStarted = (header: string | undefined): SagaStarted => {
  if (header === undefined || header === '') return 'started-missing';
  const text = header.toUpperCase();
  const [, day] = RFC_3339.exec(text) ?? [];
  const at = Date.parse(text);
  // Date.parse takes the 30th of February for a day in March
  const real = day !== undefined && (new Date(`${day}T00:00:00Z`).toJSON() ?? '').startsWith(day);
  return real && !Number.isNaN(at) ? at : 'started-invalid';
};

/** What a new row says of it; a row whose header is wrong is never committed. */
export const sagaStartedOrEpoch = (started: SagaStarted): number => (typeof started === 'number' ? started : 0);

/** Why a key that is not known yet cannot become known: the header is wrong, or the saga is too old. */
export const refuseByAge = (started: SagaStarted, expired: boolean): Answer | undefined => {
  if (typeof started !== 'number') return problem(started);
  return expired ? problem('expired') : undefined;
};
