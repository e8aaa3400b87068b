import { styleText } from 'node:util';

type Colour = 'green' | 'red' | 'yellow' | 'cyan';

/** What a word of the table means, good, bad, taken back or going on. */
const COLOURS: Readonly<Record<string, Colour>> = {
  done: 'green',
  completed: 'green',
  confirmed: 'green',
  refused: 'red',
  unknown: 'red',
  parked: 'red',
  killed: 'red',
  undone: 'yellow',
  'undoing …': 'yellow',
  'not done': 'yellow',
  'cancel …': 'yellow',
  cancelled: 'yellow',
  rejected: 'yellow',
  running: 'cyan',
};

/** The text in the colour of its word; as it is when the word has none. */
export const paint = (word: string, text: string): string => {
  const colour = Object.hasOwn(COLOURS, word) ? COLOURS[word] : undefined;
  return colour === undefined ? text : styleText(colour, text);
};
