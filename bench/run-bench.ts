import { cpus, loadavg, totalmem } from 'node:os';
import type { Screen } from '../packages/amends/src/cli/screen.ts';
import type { OwnShop } from '../testing/soak/own-shop.ts';
import { type Case, fillShelves } from './cases.ts';
import type { RunCounts } from './counts.ts';
import { measure } from './measure.ts';
import type { Cell, Measured, Report, Result } from './measurement.ts';
import { startRivals } from './rivals.ts';
import { summarize } from './summarize.ts';
import { VARIANT, type VariantName } from './variants.ts';

/** What is to be measured. */
export interface Plan {
  readonly cases: readonly Case[];
  readonly variants: readonly VariantName[];
  readonly atOnce: readonly number[];
  readonly rounds: number;
  /** Sagas a round of one cell; by default what `sagasOf` says. */
  readonly sagas?: number | undefined;
}

const WARM_UP_SAGAS = 20;
const WARM_UP_AT_ONCE = 5;

/** Each of a cancelled order takes as long as the card provider is slow: of these there are fewer. */
const sagasOf = ({ of, atOnce }: Pick<Cell, 'of' | 'atOnce'>): number =>
  of === 'cancelled' ? Math.max(2, atOnce) : Math.max(20, Math.min(6 * atOnce, 200));

/** The order in which a round takes its variants: there and back, so that a machine that grows warm or busy counts for all. */
export const inTurns = <T>(of: readonly T[], round: number): readonly T[] => (round % 2 === 0 ? of : of.toReversed());

/** Measures all of a plan, on a shop of its own. @throws WrongEndError when a saga does not end as it must */
export const runBench = async (
  plan: Plan,
  { shop, screen, signal }: { readonly shop: OwnShop; readonly screen: Screen; readonly signal: AbortSignal },
): Promise<Omit<Report, 'command'>> => {
  screen.line('what is written by hand is started beside it …');
  const rivals = await startRivals(shop);
  try {
    signal.throwIfAborted();
    await fillShelves(shop.urls.inventory);
    const stage = { shop, rivals, signal };
    screen.line('warming up …');
    for (const variant of plan.variants) {
      const cell = { variant, of: 'happy', atOnce: WARM_UP_AT_ONCE } as const;
      await measure(stage, cell, WARM_UP_SAGAS);
    }
    const at = new Date().toISOString();
    const loadBefore = loadavg()[0] ?? Number.NaN;
    const results: Result[] = [];
    for (const of of plan.cases) {
      for (const atOnce of plan.atOnce) {
        results.push(...(await measureSideBySide(plan, { of, atOnce }, { ...stage, screen })));
      }
    }
    return { at, machine: machine(), load: [loadBefore, loadavg()[0] ?? Number.NaN], results };
  } finally {
    await rivals.close();
  }
};

const measureSideBySide = async (
  { variants, rounds, sagas }: Plan,
  { of, atOnce }: Omit<Cell, 'variant'>,
  { screen, ...stage }: Parameters<typeof measure>[0] & { readonly screen: Screen },
): Promise<Result[]> => {
  const playing = variants.filter((variant) => VARIANT[variant].cases.includes(of));
  const measured = new Map<VariantName, { rounds: Measured[]; counts: RunCounts | null }>();
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of inTurns(playing, round)) {
      const cell = { variant, of, atOnce };
      const found = await measure(stage, cell, sagas ?? sagasOf(cell));
      const its = measured.get(variant) ?? { rounds: [], counts: null };
      measured.set(variant, { rounds: [...its.rounds, found.measured], counts: found.counts });
      const cpu = Object.values(found.measured.cpuMs).reduce((sum, ms) => sum + ms, 0);
      screen.line(
        `${of}, ${atOnce} at once, round ${round + 1} of ${rounds}: ${variant} ${found.measured.sagasPerSecond.toFixed(1)} a second, ${cpu.toFixed(0)} ms of CPU each`,
      );
    }
  }
  return playing.map((variant) => {
    const its = measured.get(variant);
    return summarize({ variant, of, atOnce }, its?.rounds ?? [], its?.counts ?? null);
  });
};

const GIB = 2 ** 30;
const machine = (): string => {
  const all = cpus();
  return `${all.length} cores (${all[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / GIB)} GiB, Node ${process.versions.node}`;
};
