import type { OrderStatus } from '../../contracts/orders.ts';
import type { Screen, Tally } from 'amends';
import { showProgress, type ProgressDisplay } from 'amends';

export interface Progress {
  readonly total: number;
  readonly placed: number;
  readonly ended: Tally<OrderStatus>;
  readonly seconds: number;
}

const BAR_WIDTH = 20;

/** `[#########.....]  97 of 121 orders ended, 121 placed, 12 s: confirmed 96, rejected 1`. */
export const progressText = ({ total, placed, ended, seconds }: Progress): string => {
  const filled = total === 0 ? BAR_WIDTH : Math.floor((BAR_WIDTH * ended.total) / total);
  const statuses = ended.entries().map(([status, count]) => `${status} ${count}`);
  return (
    `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${ended.total} of ${total} orders ended, ` +
    `${placed} placed, ${Math.floor(seconds)} s${statuses.length > 0 ? `: ${statuses.join(', ')}` : ''}`
  );
};

/** Shows it until stopped: a bar and counts. */
export const showImport = (screen: Screen, read: () => Progress): ProgressDisplay =>
  showProgress(screen, () => {
    const progress = read();
    return { text: progressText(progress), changes: `${progress.placed} ${progress.ended.total}` };
  });
