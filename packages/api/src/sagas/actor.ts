/** Who acts on a saga, until callers are authenticated. */
export const ANONYMOUS = 'anonymous';
