import type { Context, MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** Who can reach a process: programs of this machine alone, or the network. */
export type Reach = 'this-machine' | 'network';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3})$/i;
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Who can reach a process that listens on `host` (the variable HOST). */
export const reachOf = (host: string): Reach => (LOOPBACK.test(host) ? 'this-machine' : 'network');

/**
 * Takes requests of this machine's own programs only. Nobody shows credentials here, so a web page that somebody visits, a name that it
 * points at this machine (DNS rebinding) and a proxy are each kept out: 421 `misdirected`, 403 `forbidden`.
 */
export const onlyThisMachine: MiddlewareHandler = async (c, next) => {
  if (!isLocalHost(c)) {
    return problem('misdirected', {
      status: 421,
      title: 'This process answers to localhost, 127.0.0.1 and [::1] only',
    });
  }
  if (isForwarded(c)) return forbidden('a proxy has forwarded the request: this process has no credentials to check');
  if (isFromWebPage(c)) return forbidden('a web page has sent the request');
  return next();
};

const forbidden = (detail: string): Response =>
  problem('forbidden', { status: 403, title: 'Only programs of this machine may ask this' }, { detail });

/** A request target may name a host too, and then counts beside the header. */
const isLocalHost = (c: Context): boolean => {
  const { host } = new URL(c.req.url);
  return LOCAL_HOST.test(host) && LOCAL_HOST.test(c.req.header('host') ?? host);
};

const isForwarded = (c: Context): boolean =>
  Object.keys(c.req.header()).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'));

const isOfAnotherOrigin = (c: Context): boolean => {
  const origin = c.req.header('origin');
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === c.req.header('host'));
};

/** Browsers say where a request comes from (W3C Fetch Metadata). Who follows a link or types an address may look. */
const isFromWebPage = (c: Context): boolean => {
  const site = c.req.header('sec-fetch-site');
  // one that says nothing of it may be older; of what changes something each says its page's origin
  if (site === undefined) return isOfAnotherOrigin(c);
  if (site === 'none' || site === 'same-origin') return false;
  const isNavigation =
    c.req.method === 'GET' &&
    c.req.header('sec-fetch-mode') === 'navigate' &&
    c.req.header('sec-fetch-dest') === 'document';
  return !isNavigation;
};
