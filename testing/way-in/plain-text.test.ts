import { describe, expect, it } from 'vitest';
import { Reason } from '../../packages/api/src/sagas/reason.ts';
import { isPlain } from '../../packages/contracts/src/protocol/plain-text.ts';
import { Address } from '../../contracts/values.ts';
import { words } from '../../packages/contracts/src/words.ts';

const MISLEADING = [
  ['NUL', '\0'],
  ['a line break', '\n'],
  ['a carriage return', '\r'],
  ['a tab', '\t'],
  ['ESC, which begins a terminal’s commands', '\u001B'],
  ['DEL', '\u007F'],
  ['CSI, the same in one character', '\u009B'],
  ['the Arabic letter mark', '\u061C'],
  ['the left-to-right mark', '\u200E'],
  ['the right-to-left mark', '\u200F'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['a right-to-left embedding', '\u202B'],
  ['a right-to-left override', '\u202E'],
  ['a right-to-left isolate', '\u2067'],
  ['the end of an isolate', '\u2069'],
  ['a byte order mark', '\uFEFF'],
  ['half of a surrogate pair', '\uD83D'],
] as const;

const ORDINARY = [
  'the customer changed her mind (2 × 9,00 €)',
  'Straße des 17. Juni 135, 10623 Berlin',
  '東京都千代田区',
  'شارع المتنبي',
  'רחוב דיזנגוף',
  'नई दिल्ली',
  '👩‍👧 said so',
  'e\u0301, decomposed',
];

describe('texts that are shown to people', () => {
  it.each(MISLEADING)('hold no %s: not in a reason, an address, or words', (_, character) => {
    for (const text of [character, `a${character}b`, `a${character}`]) {
      expect(isPlain(text)).toBe(false);
      expect(Address.safeParse({ country: 'DE', street: text }).success).toBe(false);
      expect(Address.safeParse({ country: 'DE', [text]: 'x' }).success).toBe(false);
      expect(words(10).safeParse(text).success).toBe(false);
    }
    expect(Reason.safeParse({ reason: `a${character}b` }).success).toBe(false);
  });

  it.each(ORDINARY)('may be of any language: %s', (text) => {
    expect(Reason.parse({ reason: text })).toEqual({ reason: text });
    expect(Address.parse({ country: 'DE', street: text, [text]: 'x' })).toMatchObject({ street: text });
    expect(words(100).parse(text)).toBe(text);
  });
});
