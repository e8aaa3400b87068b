// The way in of all that is not the product's: starts over HTTP, and answers when it has ended. Its argument says where everything is.
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { Client, Connection } from '@temporalio/client';
import { createStarts, type Asked } from './starts.ts';
import { readPlaces } from './places.ts';

const { address, port, urls } = readPlaces(process.argv[2]);
const connection = await Connection.connect({ address });
const starts = createStarts(new Client({ connection }), urls);

const answer = async (request: IncomingMessage): Promise<{ status: string }> => {
  if (request.url === '/readyz') return { status: 'ready' };
  const start = starts[request.url?.slice(1) as keyof typeof starts] as (typeof starts)['by-hand'] | undefined;
  if (start === undefined) return { status: `nothing is called ${request.url}` };
  try {
    return { status: await start((await json(request)) as Asked) };
  } catch (error) {
    return { status: String(error) };
  }
};

const server = createServer((request, response) => {
  void answer(request).then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)));
});
server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
