import type { WorkflowInterceptors } from '@temporalio/workflow';

let jobs: number | undefined;

/**
 * Whether what has just come is all that Temporal tells in this activation: then nobody else has anything to do that it could get in the way
 * of. Where the workers were made without {@link interceptors} it is never known to be so.
 */
export const isAllThatCame = (): boolean => jobs === 1;

/** The SDK's own way to see what an activation brings; `@amends/worker` bundles it with every application's workflows. */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate: (input, next) => {
        jobs = input.activation.jobs?.length;
        next(input);
      },
    },
  ],
});
