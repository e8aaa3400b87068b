import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file of this package beside another: a source in the workspace of Amends itself, built where npm installed it.
 *
 * @param name without its ending
 * @param beside `import.meta.url` of the other
 */
export const ownFile = (name: string, beside: string): string =>
  fileURLToPath(new URL(`${name}${extname(beside)}`, beside));
