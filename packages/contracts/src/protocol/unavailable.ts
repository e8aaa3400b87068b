/** Temporal, or a worker that it needs, is out of reach for now: nothing is decided, and the same call may be repeated. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

export const isUnavailable = (error: unknown): error is Unavailable => error instanceof Unavailable;
