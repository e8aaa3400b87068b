/** An event in an outbox. `meant_for`: the one target that it is for; null: whoever takes its type. */
export interface Row {
  readonly id: string;
  readonly key: string;
  readonly event_id: string;
  readonly type: string;
  readonly source: string;
  readonly data: string;
  readonly time: Date;
  readonly meant_for: string | null;
  readonly message_id: string;
}
