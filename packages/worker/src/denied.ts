/** gRPC: permission denied, unimplemented (a cloud that manages its namespaces elsewhere), unauthenticated. */
const DENIED: ReadonlySet<unknown> = new Set([7, 12, 16]);

/** Whether Temporal will not let this process do it, so that repeating is in vain. */
export const isDenied = (error: unknown): boolean => {
  for (let link = error; link instanceof Error; link = link.cause) {
    if ('code' in link && DENIED.has(link.code)) return true;
  }
  return false;
};
