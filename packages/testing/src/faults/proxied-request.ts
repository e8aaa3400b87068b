import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** A request as it came. */
export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer as it came. */
export interface ProxiedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export const readWhole = async (incoming: IncomingMessage): Promise<ProxiedRequest> => ({
  method: incoming.method ?? 'GET',
  path: incoming.url ?? '/',
  headers: incoming.headers,
  body: await bodyOf(incoming),
});

/** Sends a request on. @throws Error when the service breaks the connection */
export const passOn = (
  target: string,
  { method, path, headers, body }: ProxiedRequest,
  changed = body,
): Promise<ProxiedAnswer> =>
  new Promise((resolve, reject) => {
    const length = { 'content-length': String(changed.byteLength) };
    const { 'transfer-encoding': _, ...rest } = headers;
    const upstream = request(
      target + path,
      { method, headers: { ...rest, ...(changed.byteLength > 0 && length), connection: 'close' } },
      (answer) => {
        bodyOf(answer).then(
          (whole) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: whole }),
          reject,
        );
      },
    );
    upstream.on('error', reject);
    upstream.end(changed);
  });

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
