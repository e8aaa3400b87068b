import { CsvError, parse } from 'csv-parse/sync';
import { CliStop } from 'amends';

/** One line of an invoice, as the file has it: nothing is judged yet. */
export interface InvoiceRow {
  readonly invoice: string;
  readonly code: string;
  readonly quantity: string;
  readonly date: string;
  readonly price: string;
  readonly customer: string;
  readonly country: string;
}

const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** The header, its columns in any order. */
const readHeader = (header: string[]): string[] => {
  const names = header.map((name) => name.trim());
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length === 0) return names;
  const what = missing.length === COLUMNS.length ? 'it is no header' : `it lacks ${missing.join(', ')}`;
  throw new CliStop(`line 1 must name the columns ${COLUMNS.join(',')}: ${what}`);
};

/**
 * Every invoice line of a CSV with the columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice (GBP),
 * CustomerID and Country.
 *
 * @throws CliStop with line and reason when the text is no such CSV
 */
export const readInvoiceRows = (text: string): InvoiceRow[] => {
  if (text.trim() === '') throw new CliStop('it is empty');
  const records = parseCsv(text);
  if (records.length === 0) throw new CliStop('it has a header but no invoice line');
  return records.map((record) => {
    const cell = (column: (typeof COLUMNS)[number]): string => (record[column] ?? '').trim();
    return {
      invoice: cell('InvoiceNo'),
      code: cell('StockCode'),
      quantity: cell('Quantity'),
      date: cell('InvoiceDate'),
      price: cell('UnitPrice'),
      customer: cell('CustomerID'),
      country: cell('Country'),
    };
  });
};

const parseCsv = (text: string): Readonly<Record<string, string>>[] => {
  try {
    return parse(text, { bom: true, columns: readHeader, skip_empty_lines: true }) as Record<string, string>[];
  } catch (error) {
    if (error instanceof CsvError) throw new CliStop(`it is not CSV: ${error.message}`, { cause: error });
    throw error;
  }
};
