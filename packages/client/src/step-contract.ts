import { z } from 'zod';
import { parseSagaId } from '@amends/contracts';
import { stepId } from '@amends/contracts/internal';
import type { Action } from '@amends/contracts';
import type { SagaView, StepView } from '@amends/contracts';
import * as services from '../../../contracts/services.ts';
import { catalog } from './catalog.ts';
import type { Issue } from './refused.ts';

// Each schema reads only what it has parsed itself, so that `unknown` is safe here.
const contracts = new Map(
  Object.entries<{ readonly actions: unknown }>({ ...services }).map(([name, { actions }]) => [
    name,
    new Map(Object.entries(actions as Readonly<Record<string, Action>>)),
  ]),
);

/** The step of that name, `bookParcel:w-7`, as the saga shows it. */
export const findStep = ({ steps }: SagaView, step: string): StepView | undefined =>
  steps.find(({ name, instance }) => stepId(name, instance) === step);

/** What the contracts say of the action of a saga's step; undefined of a step that calls none. */
export const actionOf = (sagaId: string, { name }: StepView): Action | undefined => {
  const steps = catalog.get(parseSagaId(sagaId)?.saga ?? '')?.steps ?? [];
  const { service, action } = steps.find((step) => step.name === name) ?? {};
  return service && action ? contracts.get(service)?.get(action) : undefined;
};

/** What is wrong with `value`, by path from `name`; empty when nothing is. */
export const issuesOf = (schema: z.ZodType, name: string, value: unknown): Issue[] => {
  const { error } = schema.safeParse(value);
  return error?.issues.map(({ path, message }) => ({ path: [name, ...path].join('.'), message })) ?? [];
};

export const JsonObject = z.record(z.string(), z.unknown());
