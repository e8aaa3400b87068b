import type { OrderStatus } from '../../contracts/orders.ts';
import { SagaEnd, type SagaView } from '@amends/contracts';
import type { Cancellation } from '../shop-client.ts';
import type { Scene } from './scene.ts';

/** What is known of one scene by now. */
export interface SceneState {
  readonly scene: Scene;
  /** Undefined until its event has started it. */
  readonly saga: SagaView | undefined;
  readonly order: OrderStatus;
  readonly cancel: 'not asked' | Cancellation;
}

export const hasEnded = ({ saga, order }: SceneState): boolean =>
  SagaEnd.safeParse(saga?.status).success && order !== 'placed' && order !== 'accepted';

/** Why a scene has not ended as it must; undefined when it has. */
export const wrongEnd = ({ scene, saga, order }: SceneState): string | undefined => {
  const { end, status, cause } = scene.must;
  if (!saga) return `must end ${end}, but its saga was never started`;
  if (saga.status !== end) return `its saga must end ${end}, but is ${saga.status}`;
  if (order !== status) return `its order must be ${status}, but is ${order}`;
  const is = saga.cause;
  const right =
    cause === null
      ? is === null
      : is?.outcome === cause.outcome && is.code === cause.code && (cause.step ?? is.step) === is.step;
  if (right) return undefined;
  return `its cause must be ${cause === null ? 'none' : causeText(cause)}, but is ${is === null ? 'none' : causeText(is)}`;
};

/** `bookShipment refused (country-not-served)`. */
export const causeText = ({ step, outcome, code }: { step?: string | null; outcome: string; code: string }): string =>
  [step, outcome, ...(code === outcome ? [] : [`(${code})`])].filter(Boolean).join(' ');
