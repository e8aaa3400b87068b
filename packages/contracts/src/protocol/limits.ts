/** An answer larger than this goes through the durable lane: what one workflow task sends together stays under the server's limit. */
export const FAST_ANSWER_MAX_BYTES = 32_768;

/** What a saga may be started with, as JSON in UTF-8: below Temporal's own 2 MiB, so that the server never has to refuse it. */
export const INPUT_LIMIT_BYTES = 1_500_000;
