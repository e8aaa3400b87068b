import type { returnOrder } from './return-order.ts';
import type { Paths } from '@amends/saga';

export const paths: Paths<typeof returnOrder> = {
  'the parcel came damaged': { answers: { receiveParcel: { condition: 'damaged' } } },
};
