import { pathToFileURL } from 'node:url';

/** Where npm installed this package vitest leaves it to Node, which reads no TypeScript; in the workspace vitest reads all of it. */
const IS_BUILT = import.meta.url.endsWith('.js');

/** Imports a source of the application, by its path. */
export const importSource = async <T>(file: string): Promise<T> => {
  const { href } = pathToFileURL(file);
  if (!IS_BUILT) return (await import(href)) as T;
  const { register } = await import('tsx/esm/api');
  const unregister = register();
  try {
    return (await import(href)) as T;
  } finally {
    await unregister();
  }
};
