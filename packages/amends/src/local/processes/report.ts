/** Takes one sentence about the progress of the start, for a person. */
export type Report = (sentence: string) => void;
