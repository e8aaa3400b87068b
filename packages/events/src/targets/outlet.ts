import { type Receiver, receiversOf, type SystemConfig } from '@amends/runtime/internal';
import type { Log, Running } from '@amends/runtime/internal';
import type { CloudEvent } from '../edge/cloud-event.ts';
import type { BrokerConnection } from '../broker/connect-broker.ts';
import { connectPublisher } from '../broker/publisher.ts';
import { pushTarget } from './push.ts';
import { isOwed, type Target } from './target.ts';

/** Where a process finds who takes events: at the broker, or at each receiver. */
export type EventRoutes =
  | { readonly natsUrl: string }
  | {
      readonly natsUrl: undefined;
      readonly receivers: readonly Receiver[];
      readonly pushToken?: string | undefined;
    };

export const eventRoutes = ({ NATS_URL: natsUrl, PUSH_TOKEN: pushToken, system, places }: SystemConfig): EventRoutes =>
  natsUrl === undefined ? { natsUrl, receivers: receiversOf(system, places), pushToken } : { natsUrl };

/** Where a process's events go. */
export interface Outlet extends Running {
  readonly targets: readonly Target[];
  /** The connection to the broker, where there is one. */
  readonly broker: BrokerConnection | undefined;
}

/** Resolves at once: a broker is waited for in the background, a receiver whenever it is away. */
export const openOutlet = async (routes: EventRoutes, log: Log): Promise<Outlet> => {
  if (routes.natsUrl === undefined) {
    const targets = routes.receivers.map((receiver) => pushTarget(receiver, routes.pushToken));
    return { targets, broker: undefined, close: async () => undefined };
  }
  const publisher = await connectPublisher(routes.natsUrl, log);
  const { connection, publish, close } = publisher;
  const store = () => connection.now()?.epoch ?? null;
  return { targets: [{ name: 'broker', types: 'all', deliver: publish, store }], broker: connection, close };
};

/**
 * Hands an event to everybody who is owed it, side by side: one who is away keeps it from no other.
 *
 * @param messageId the same at each repeat, and such as nobody else can guess
 * @throws when not all of them have it; then it is to be handed out again, to all of them, of whom those who have it drop it
 */
export const handOut = async (
  { targets }: Pick<Outlet, 'targets'>,
  event: CloudEvent,
  messageId: string,
): Promise<void> => {
  const owed = targets.filter((target) => isOwed(target, event.type));
  const results = await Promise.allSettled(owed.map(({ deliver }) => deliver(event, messageId)));
  const errors: unknown[] = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (errors.length > 1) throw new AggregateError(errors, errors.map((error) => (error as Error).message).join('; '));
  if (errors.length === 1) throw errors[0];
};
