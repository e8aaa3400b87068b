import { condition } from '@temporalio/workflow';

/** Resolves when nothing of the workflow has anything left to do: conditions are looked at only then. @throws when its scope is cancelled */
export const rest = async (): Promise<void> => {
  let asked = 0;
  await condition(() => asked++ > 0);
};
