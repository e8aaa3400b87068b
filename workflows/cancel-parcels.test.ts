import { describeSaga } from '@amends/testing';
import { stage } from '../testing/stage.ts';
import { cancelParcels } from './cancel-parcels.ts';

describeSaga(cancelParcels, stage);
