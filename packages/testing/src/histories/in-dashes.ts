/** `refused (out-of-stock)` → `refused-out-of-stock`: words as a part of a file's name. */
export const inDashes = (words: string): string => words.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
