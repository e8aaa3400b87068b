import { z } from 'zod';
import { stepId } from '@amends/contracts/internal';
import type { SagaView, StepView } from '@amends/contracts';
import type { Issue } from './acts/refused.ts';

/** The step of that name, `bookParcel:w-7`, as the saga shows it. */
export const findStep = ({ steps }: SagaView, step: string): StepView | undefined =>
  steps.find(({ name, instance }) => stepId(name, instance) === step);

/** What is wrong with `value`, by path from `name`; empty when nothing is. */
export const issuesOf = (schema: z.ZodType, name: string, value: unknown): Issue[] => {
  const { error } = schema.safeParse(value);
  return error?.issues.map(({ path, message }) => ({ path: [name, ...path].join('.'), message })) ?? [];
};

export const JsonObject = z.record(z.string(), z.unknown());
