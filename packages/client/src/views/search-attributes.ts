import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

// said, since what TypeScript writes for an inferred one is a path into the SDK that no other package can resolve
type Keyword = ReturnType<typeof defineSearchAttributeKey<'KEYWORD'>>;
type Datetime = ReturnType<typeof defineSearchAttributeKey<'DATETIME'>>;

/** A saga's status as its workflow last wrote it. */
export const SAGA_STATUS: Keyword = defineSearchAttributeKey('SagaStatus', SearchAttributeType.KEYWORD);
/** The step at which a saga is parked, or the first of several. */
export const SAGA_STEP: Keyword = defineSearchAttributeKey('SagaStep', SearchAttributeType.KEYWORD);
/** When a saga started; a run that continues or recovers it begins later. */
export const SAGA_STARTED_AT: Datetime = defineSearchAttributeKey('SagaStartedAt', SearchAttributeType.DATETIME);
/** A saga's business key. */
export const SAGA_KEY: Keyword = defineSearchAttributeKey('SagaKey', SearchAttributeType.KEYWORD);
