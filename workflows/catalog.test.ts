import { expect, it } from 'vitest';
import * as contracts from '../contracts/sagas.ts';
import { services } from '../testing/every-service.ts';
import * as sagas from './index.ts';
import { milliseconds } from './saga/span.ts';

const CATALOG = '../contracts/catalog.json';
const byName = (a: string, b: string) => a.localeCompare(b);

it('contracts/catalog.json is what the definitions say (npm test -- -u writes it anew)', async () => {
  const catalog = Object.fromEntries(
    Object.entries(sagas).map(([name, { definition }]) => [
      name,
      {
        deadline: definition.deadline === null ? null : milliseconds(definition.deadline),
        steps: Object.entries(definition.steps).map(([step, { kind, service, action, undo, lane }]) => ({
          name: step,
          kind,
          service,
          action,
          undo,
          lane,
        })),
      },
    ]),
  );
  await expect(`${JSON.stringify(catalog, null, 2)}\n`).toMatchFileSnapshot(CATALOG);
});

it('every saga of the contracts is a workflow of its name, and every workflow a saga of the contracts', () => {
  expect(Object.keys(sagas).toSorted(byName)).toEqual(Object.keys(contracts).toSorted(byName));
  for (const [name, { definition }] of Object.entries(sagas)) expect(definition.name).toBe(name);
});

it('every step names an action of the contracts, with the undo that its contract names too', () => {
  const steps = Object.values(sagas).flatMap(({ definition }) => Object.entries(definition.steps));
  const said = steps.map(([name, { service, action, kind, undo }]) => ({ name, service, action, kind, undo }));
  expect(said).toEqual(
    said.map((step) => {
      const action = services[step.service]?.actions[step.action];
      return { ...step, undo: step.kind === 'compensable' ? action?.undo : action && null };
    }),
  );
});
