import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** A saga's status as its workflow last wrote it. */
export const SAGA_STATUS = defineSearchAttributeKey('SagaStatus', SearchAttributeType.KEYWORD);
/** The step at which a saga is parked, or the first of several. */
export const SAGA_STEP = defineSearchAttributeKey('SagaStep', SearchAttributeType.KEYWORD);
/** When a saga started; a run that continues or recovers it begins later. */
export const SAGA_STARTED_AT = defineSearchAttributeKey('SagaStartedAt', SearchAttributeType.DATETIME);
/** A saga's business key. */
export const SAGA_KEY = defineSearchAttributeKey('SagaKey', SearchAttributeType.KEYWORD);
