import { describeSaga } from '../testing/describe-saga.ts';
import { bookParcels } from './book-parcels.ts';

describeSaga(bookParcels);
