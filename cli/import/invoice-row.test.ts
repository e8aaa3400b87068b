import { describe, expect, it } from 'vitest';
import { readInvoiceRows } from './invoice-row.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

describe('readInvoiceRows', () => {
  it('reads quoted commas and lines, a byte order mark, Windows line ends and empty lines', () => {
    const text = `\uFEFF${HEADER}\r\n536370,22728,"ALARM CLOCK, ""RED""\nPINK",24,2010-12-01 08:45:00,3.75,12583.0,France\r\n\r\n`;
    expect(readInvoiceRows(text)).toEqual([
      {
        invoice: '536370',
        code: '22728',
        quantity: '24',
        date: '2010-12-01 08:45:00',
        price: '3.75',
        customer: '12583.0',
        country: 'France',
      },
    ]);
  });

  it('takes the columns in any order, and others beside them', () => {
    const text =
      'Country,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo,Note\nEIRE,1,2,3,4,5,6,7,8\n';
    expect(readInvoiceRows(text)).toMatchObject([{ invoice: '7', code: '6', country: 'EIRE' }]);
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['a header alone', `${HEADER}\n`, 'it has a header but no invoice line'],
    ['another table', 'a,b\n1,2\n', 'it is no header'],
    ['a missing column', `${HEADER.replace('UnitPrice,', '')}\n1,2,3,4,5,6,7\n`, 'it lacks UnitPrice'],
    ['a short line', `${HEADER}\n1,2,3\n`, 'on line 2'],
    ['an open quote', `${HEADER}\n1,2,"x,4,5,6,7,8\n`, 'line 2'],
    ['JSON', '{"orders": [1, 2]}', 'it is not CSV'],
    ['bytes', '\u0000\u0001\u0002\uFFFD\n\u0003', 'line 1 must name the columns'],
  ])('says where and why: %s', (_name, text, why) => {
    expect(() => readInvoiceRows(text)).toThrow(why);
  });
});
