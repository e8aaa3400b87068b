/** The CloudEvents source of this service; with an event's id it tells the event from its repeats. */
export const EVENT_SOURCE = '/services/orders';
