import { ApplicationFailure } from '@temporalio/activity';
import { createCalls, type Calls } from './calls.ts';
import { RefusedError, type Urls } from './requests.ts';

/** The calls as activities: a refusal is not repeated. */
export const createActivities = (urls: Urls): Calls =>
  Object.fromEntries(
    Object.entries(createCalls(urls)).map(([name, call]) => [
      name,
      async (...given: Parameters<typeof call>) => {
        try {
          return await (call as (...args: unknown[]) => Promise<unknown>)(...given);
        } catch (error) {
          if (error instanceof RefusedError) throw ApplicationFailure.nonRetryable(error.message, 'Refused');
          throw error;
        }
      },
    ]),
  ) as unknown as Calls;
