/** Task queue of the workflows and of the engine's own activities. */
export const SAGA_TASK_QUEUE = 'amends';

/** Each service's calls run on a task queue of its own, named as the service. */
export const serviceTaskQueue = (service: string): string => service;
