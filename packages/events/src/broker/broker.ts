import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** A connection on which the streams are there. */
export interface Broker {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /**
   * Which stream of events it is: one that is made anew is another. As it was at the last look, so that what is published now is in this one
   * or in one that is newer.
   */
  readonly epoch: string;
}
