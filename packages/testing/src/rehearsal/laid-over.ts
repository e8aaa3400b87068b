const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is usual, with what is otherwise laid over it, member by member; what is no object replaces it. A refusal replaces an output. */
export const laidOver = (usual: unknown, otherwise: unknown): unknown => {
  if (otherwise === undefined) return usual;
  return isObject(usual) && isObject(otherwise) && !('refused' in otherwise) ? { ...usual, ...otherwise } : otherwise;
};
