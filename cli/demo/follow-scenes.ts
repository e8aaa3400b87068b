import { setTimeout as sleep } from 'node:timers/promises';
import { sagaId } from '@amends/contracts';
import type { ShopClient } from '../shop-client.ts';
import { hasEnded, type SceneState } from './scene-state.ts';
import type { Scene } from './scene.ts';

const SAGA = 'fulfilOrder';
const PAUSE_MS = 250;
/** A slow card takes 8 s, a lost answer a retry: a demo that takes longer is stuck. */
const LIMIT_MS = 120_000;

export const sceneSagaId = ({ order }: Scene): string => sagaId(SAGA, order.orderId);

/**
 * Follows placed orders until every one has ended, two minutes at most; tells of every look, and asks for the cancel when its
 * moment has come. An aborted `signal` ends it at once.
 */
export const followScenes = async (
  client: Pick<ShopClient, 'saga' | 'order' | 'cancelOrder'>,
  scenes: readonly Scene[],
  { show, signal }: { show: (states: readonly SceneState[]) => void; signal: AbortSignal },
): Promise<readonly SceneState[]> => {
  const until = Date.now() + LIMIT_MS;
  let states: readonly SceneState[] = scenes.map(untouched);
  while (!signal.aborted && Date.now() < until) {
    states = await Promise.all(states.map((state) => look(client, state)));
    if (signal.aborted) break;
    show(states);
    if (states.every(hasEnded)) break;
    await sleep(PAUSE_MS);
  }
  return states;
};

/** Placed, and no more is known. */
export const untouched = (scene: Scene): SceneState => ({
  scene,
  saga: undefined,
  order: 'placed',
  cancel: 'not asked',
});

const look = async (
  client: Pick<ShopClient, 'saga' | 'order' | 'cancelOrder'>,
  state: SceneState,
): Promise<SceneState> => {
  if (hasEnded(state)) return state;
  const { scene, order, cancel } = state;
  const { orderId } = scene.order;
  const [saga, view] = await Promise.all([client.saga(sceneSagaId(scene)), client.order(orderId)]);
  const isTime = cancel === 'not asked' && saga?.steps.some(isRunning(scene.cancelDuring));
  return {
    scene,
    saga,
    order: view?.status ?? order,
    cancel: isTime ? await client.cancelOrder(orderId, 'the customer has changed their mind') : cancel,
  };
};

const isRunning =
  (name: string | undefined) =>
  (step: { readonly name: string; readonly state: string }): boolean =>
    step.name === name && step.state === 'running';
