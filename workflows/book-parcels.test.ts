import { describeSaga } from '@amends/testing';
import { stage } from '../testing/stage.ts';
import { bookParcels } from './book-parcels.ts';

describeSaga(bookParcels, stage);
