import { describeSaga } from '@amends/testing';
import { stage } from '../testing/stage.ts';
import { bookTrip } from './book-trip.ts';

describeSaga(bookTrip, stage);
