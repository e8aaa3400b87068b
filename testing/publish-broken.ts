import { once } from 'node:events';
import { createConnection } from 'node:net';

/** Publishes `junk` with headers that break their grammar, as no client library would. */
export const publishBroken = async (natsUrl: string, subject: string): Promise<void> => {
  const { hostname, port } = new URL(natsUrl);
  const headers = 'NATS/1.0\r\nno header at all\r\nX-Shop: one\nbroken\r\n\r\n';
  const message = `HPUB ${subject} ${headers.length} ${headers.length + 'junk'.length}\r\n${headers}junk\r\n`;
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.write(`CONNECT {"headers":true,"verbose":false}\r\n${message}PING\r\n`);
  for (let heard = ''; !heard.includes('PONG');) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    heard += chunk.toString();
  }
  socket.destroy();
};
