import { Command } from 'commander';
import { wholeNumber } from 'amends';
import type { DemoOptions } from './demo/run-demo.ts';
import type { ImportOptions } from './import/run-import.ts';

/** What the commands do; each answers whether all was as it must be. */
export interface Commands {
  readonly demo: (options: DemoOptions) => Promise<void>;
  readonly import: (file: string, options: ImportOptions) => Promise<void>;
  readonly rebuild: () => Promise<void>;
}

const DEFAULT_STOCK = 1_000;
const MAX_STOCK = 1_000_000_000;
const DEFAULT_PARALLEL = 8;
const MAX_PARALLEL = 64;
const DEFAULT_PATIENCE_SECONDS = 120;
const MAX_PATIENCE_SECONDS = 3_600;

/** The command line of `npm run demo`, `npm run import` and `npm run rebuild`; it does nothing until it parses arguments. */
export const createProgram = (commands: Commands): Command => {
  const program = new Command('npm run')
    .usage('<demo|import|rebuild> -- [options]')
    .description(
      'Amends runs business processes across services as sagas: what was done is undone when a later step fails. ' +
        'These commands let a small shop (orders, inventory, payments, shipping) run on it.',
    )
    .showHelpAfterError('Run it with --help to see what it takes.');

  program
    .command('demo')
    .usage('-- [options]')
    .summary('play six orders, fine and failing, and watch their sagas')
    .description(
      'Places six orders and shows each step of their sagas live: one that goes well, a declined card, goods out of ' +
        'stock, a country that is not served, a payment whose answer is lost, and one cancelled while it runs. Ends ' +
        'with what became of each and a link to its story in the Temporal Web UI.\n\n' +
        'Starts what does not run yet (servers, services, workers, API; the first time it fetches the servers) and ' +
        'leaves it running until Ctrl-C. May be run again and again.',
    )
    .option('--exit', 'end afterwards what it started itself, instead of leaving it running', false)
    .addHelpText(
      'after',
      `
Exit code: 0 when every order ended as it must and goods and money agree;
1 otherwise, with the reason.

Examples:
  npm run demo
  npm run demo -- --exit`,
    )
    .action(commands.demo);

  program
    .command('import')
    .usage('-- [options] <file>')
    .summary("place a shop's invoices as orders, and check the books afterwards")
    .description(
      "Places every usable invoice of a CSV file as an order and follows the orders' sagas to their end. Then checks, " +
        "through the services, that the orders' statuses equal their sagas' ends and that no goods and no penny went " +
        'missing, and prints the figures. The system must run: start it with `npm start`.',
    )
    .argument(
      '<file>',
      'CSV with the columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice (GBP), CustomerID, Country',
    )
    .option(
      '--stock <pieces>',
      'how many of each SKU are put on the shelf; a SKU that is there already stays as it is',
      wholeNumber(0, MAX_STOCK),
      DEFAULT_STOCK,
    )
    .option(
      '--parallel <requests>',
      'how many requests are in flight at a time',
      wholeNumber(1, MAX_PARALLEL),
      DEFAULT_PARALLEL,
    )
    .option(
      '--patience <seconds>',
      'how long to wait while no order ends, before the checks are made all the same',
      wholeNumber(1, MAX_PATIENCE_SECONDS),
      DEFAULT_PATIENCE_SECONDS,
    )
    .addHelpText(
      'after',
      `
What is not used is counted under its reason: an invoice without customer, or of
a country without an ISO code; a line with a quantity or price not above 0, or
with a code that does not begin with five digits. An invoice C… becomes a cancel
request when exactly one earlier invoice of that customer holds all its goods.
The invoice number is the order's id, so a second run finds the orders already
there and changes nothing.

Exit code: 0 when everything agrees; 1 otherwise, with what is off.

Example:
  npm run import -- 2010-12-01.csv --stock 500`,
    )
    .action(commands.import);

  program
    .command('rebuild')
    .usage('-- [options]')
    .summary('make what orders are shown by anew, from the events')
    .description(
      "Lets the orders service read the broker's stream of events from its beginning and make the status, tracking number and " +
        'history of every order anew, beside those that it shows meanwhile; then it shows the new ones, all at once. Orders ' +
        'that the stream does not hold any more are taken over as they are. Nothing is lost when it is interrupted: orders ' +
        'are then shown as before. The system must run: start it with `npm start`.',
    )
    .addHelpText(
      'after',
      `
Exit code: 0 when orders are shown by what was made anew; 1 otherwise, with the
reason.`,
    )
    .action(() => commands.rebuild());

  return program;
};
