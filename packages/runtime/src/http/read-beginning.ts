/** The text of an answer, or as much of it as came within so many bytes; `isWhole`: that was all. The rest is not read. */
export const readBeginning = async (
  answer: Response,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) break;
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), isWhole: bytes <= maxBytes };
};
