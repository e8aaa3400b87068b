/** The HTTP statuses below 500 that say nothing about the request: the same may be sent again. */
export const TRY_LATER: readonly number[] = [408, 425, 429];
