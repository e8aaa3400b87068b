import { z } from 'zod';
import json from '../contracts/catalog.json' with { type: 'json' };
import { StepKind } from '../contracts/saga-view.ts';

const Step = z.object({
  name: z.string(),
  kind: StepKind,
  service: z.string().nullable(),
  action: z.string().nullable(),
  undo: z.string().nullable(),
  lane: z.enum(['fast', 'durable']).nullable(),
});

/** What is known of a saga without running it; `deadline` in milliseconds from its start. */
export interface CatalogEntry {
  readonly deadline: number | null;
  readonly steps: readonly z.infer<typeof Step>[];
}

/** Every saga by name, generated from the definitions. */
export const catalog: ReadonlyMap<string, CatalogEntry> = new Map(
  Object.entries(z.record(z.string(), z.object({ deadline: z.number().nullable(), steps: z.array(Step) })).parse(json)),
);
