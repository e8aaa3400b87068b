import type { App } from '@amends/contracts';
import type { SagaEventToPublish } from '@amends/contracts/internal';

/** What of the events that sagas have published is not as the application's contracts say, in words; a saga that only tests run has none. */
export const unlikeContract = ({ events }: Pick<App, 'events'>, published: Iterable<SagaEventToPublish>) =>
  [...published].flatMap(({ type, data }) => {
    const contract = Object.hasOwn(events, type) ? events[type] : undefined;
    const { error } = contract?.data.safeParse(data) ?? {};
    return error === undefined ? [] : error.issues.map(({ path, message }) => `${type}: ${path.join('.')} ${message}`);
  });
