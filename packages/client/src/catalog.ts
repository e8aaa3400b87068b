import { z } from 'zod';
import { StepKind } from '@amends/contracts/internal';

/**
 * A step as its saga declares it; what is none of its kind's is null. `undo`: what undoes it, in the service's words, as an outsider's
 * `service.action`, or the saga's name; `within` in milliseconds.
 */
const Step = z.object({
  name: z.string(),
  kind: StepKind,
  service: z.string().nullable(),
  action: z.string().nullable(),
  undo: z.string().nullable(),
  lane: z.enum(['fast', 'durable']).nullable(),
  /** The step runs once per such thing. */
  each: z.string().nullable(),
  /** The child saga's name. */
  saga: z.string().nullable(),
  /** The type of the event that is waited for. */
  event: z.string().nullable(),
  within: z.int().nullable(),
  otherwise: z.enum(['approved', 'denied']).nullable(),
  expects: z.array(z.string()),
  whenExhausted: z.enum(['park', 'skip']).nullable(),
});

const Entry = z.object({
  /** `sagas`: only other sagas start it. */
  startedBy: z.enum(['anybody', 'sagas']),
  /** In milliseconds from its start. */
  deadline: z.number().nullable(),
  steps: z.array(Step),
  /** The process as a Mermaid flowchart. */
  diagram: z.string(),
});

/** What is known of a saga without running it. */
export type CatalogEntry = Readonly<Omit<z.infer<typeof Entry>, 'steps'>> & {
  readonly steps: readonly z.infer<typeof Step>[];
};

/** Every saga by name, generated from the definitions. */
export type Catalog = ReadonlyMap<string, CatalogEntry>;

/** Reads what `amends catalog` has written. @throws ZodError when it is something else */
export const readCatalog = (json: unknown): Catalog => new Map(Object.entries(z.record(z.string(), Entry).parse(json)));
