/** By which sagas are found (packages/worker/src/prepare-namespace.ts registers them); null takes one away. */
type Attributes<V> = { readonly [A in 'SagaStatus' | 'SagaKey' | 'SagaStep']?: V };

/** As the SDK takes them. */
export const searchAttributes = <V extends string | null>(attributes: Attributes<V>) =>
  Object.entries<V>(attributes).map(([name, value]) => ({ key: { name, type: 'KEYWORD' as const }, value }));

/** When a saga started, which runs that continue it keep. */
export const startedAtAttribute = (startedAt: string) =>
  ({ key: { name: 'SagaStartedAt', type: 'DATETIME' }, value: new Date(startedAt) }) as const;
