/** What a terminal, a file or a pipe has in common for those who write to it. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly hasColors?: () => boolean;
  readonly write: (text: string) => unknown;
}

/** Lines that stay, and below them, on a terminal, a block that is redrawn in place. */
export interface Screen {
  /** Whether a block so large can be redrawn; else changes are better written as lines. */
  readonly canRedraw: (width: number, height: number) => boolean;
  readonly columns: number;
  /** Whether it shows colours, and its owner wants them (NO_COLOR). */
  readonly colours: boolean;
  readonly line: (text?: string) => void;
  /** Draws the block, in the place of the one before. */
  readonly redraw: (block: readonly string[]) => void;
  /** The block stays as it is; what follows is written below it. */
  readonly keep: () => void;
  /** The block vanishes. */
  readonly erase: () => void;
}

const DEFAULT_COLUMNS = 80;

export const createScreen = (output: Output): Screen => {
  const { isTTY = false, columns = 0, rows = 0 } = output;
  let drawn = 0;
  const back = (): string => (drawn > 0 ? `\u001B[${drawn}A\u001B[0J` : '');
  return {
    columns: columns || DEFAULT_COLUMNS,
    colours: isTTY && (output.hasColors?.() ?? false),
    canRedraw: (width, height) => isTTY && columns >= width && rows > height,
    line: (text = '') => {
      output.write(`${text}\n`);
      drawn = 0;
    },
    redraw: (block) => {
      output.write(`${back()}${block.map((line) => `${line}\n`).join('')}`);
      drawn = block.length;
    },
    keep: () => {
      drawn = 0;
    },
    erase: () => {
      output.write(back());
      drawn = 0;
    },
  };
};
