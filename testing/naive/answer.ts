/** What the naive service answers; `text` is JSON. */
export interface NaiveAnswer {
  readonly status: number;
  readonly text: string;
  readonly replayed?: boolean;
}

export const json = (value: unknown, replayed = false): NaiveAnswer => ({
  status: 200,
  text: JSON.stringify(value),
  replayed,
});

export const problem = (status: number, type: string): NaiveAnswer => ({
  status,
  text: JSON.stringify({ type: `urn:amends:${type}`, title: type, status }),
});
