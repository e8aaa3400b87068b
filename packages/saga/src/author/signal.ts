/** A promise that somebody else resolves. */
export interface Signal {
  readonly given: Promise<void>;
  readonly give: () => void;
}

export const signal = (): Signal => {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
};
