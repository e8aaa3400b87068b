/** What is wrong with an event, where in it: `{path: 'data.lines.0.quantity', message}`. */
export interface EventIssue {
  readonly path: string;
  readonly message: string;
}

export const ISSUES_MAX = 20;
const ISSUES_MAX_BYTES = 2_000;
const TEXT_MAX = 200;
const DETAIL_MAX = 500;

/** The first of them, in few words each: a sender may make as many as it likes. */
export const firstIssues = (issues: readonly EventIssue[]): EventIssue[] => {
  const first: EventIssue[] = [];
  let bytes = 0;
  for (const { path, message } of issues) {
    const issue = { path: path.slice(0, TEXT_MAX), message: message.slice(0, TEXT_MAX) };
    bytes += Buffer.byteLength(JSON.stringify(issue));
    if (first.length === ISSUES_MAX || (bytes > ISSUES_MAX_BYTES && first.length > 0)) break;
    first.push(issue);
  }
  return first;
};

/** What is wrong in one sentence. */
export const detailOf = (text: string): string =>
  text.length <= DETAIL_MAX ? text : `${text.slice(0, DETAIL_MAX - 1)}…`;
