import type { StreamInfo } from '@nats-io/jetstream';
import { EVENTS_STREAM } from '@amends/contracts/internal';
import type { Broker } from './broker.ts';

/** In the metadata of the stream of events, and gone with it: that the ends of sagas from before it was made are in it. */
const ENDS_TOLD = 'amends-ends-told';

/** True also while it is not known. */
export const areEndsTold = (streams: readonly StreamInfo[]): boolean =>
  streams.every(({ config }) => config.name !== EVENTS_STREAM || config.metadata?.[ENDS_TOLD] !== undefined);

/** @throws when the stream is another by now */
export const noteEndsTold = async ({ jsm, epoch }: Broker): Promise<void> => {
  const { config, created } = await jsm.streams.info(EVENTS_STREAM);
  if (created !== epoch) throw new Error('the stream of events was made anew once more');
  await jsm.streams.update(EVENTS_STREAM, { metadata: { ...config.metadata, [ENDS_TOLD]: new Date().toISOString() } });
};
