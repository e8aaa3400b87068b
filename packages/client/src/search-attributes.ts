import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** A saga's status as its workflow last wrote it. */
export const SAGA_STATUS = defineSearchAttributeKey('SagaStatus', SearchAttributeType.KEYWORD);
/** A saga's business key. */
export const SAGA_KEY = defineSearchAttributeKey('SagaKey', SearchAttributeType.KEYWORD);
