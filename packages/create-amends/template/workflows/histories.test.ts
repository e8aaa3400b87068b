import { describeHistories } from '@amends/testing';
import { stage } from '../testing/stage.ts';

describeHistories(stage);
