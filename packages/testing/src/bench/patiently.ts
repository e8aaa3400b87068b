import { isGrpcServiceError, ServiceError } from '@temporalio/client';

const TRIES_MAX = 30;
const PAUSE_MS = 1_000;
/** gRPC: deadline exceeded, resource exhausted, failed precondition (tasks of that saga were lost one after the other), unavailable. */
const LATER: ReadonlySet<number> = new Set([4, 8, 9, 14]);

/** Asks Temporal again when it, or the worker that it asks, was too busy to answer in time. */
export const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === TRIES_MAX || !isLater(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
};

const isLater = (error: unknown): boolean => {
  const cause =
    error instanceof ServiceError || (error as Error).name.startsWith('WorkflowUpdate')
      ? (error as Error).cause
      : error;
  return isGrpcServiceError(cause) && LATER.has(cause.code);
};
