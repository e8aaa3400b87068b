import { expect, it } from 'vitest';
import { systemUrls } from '../local/system-urls.ts';
import { tripsConfig } from '../../../testing/fixtures/trips-system.ts';
import { webUiLink } from './web-ui-link.ts';

it("links to a saga in our own Temporal's Web UI", () => {
  expect(webUiLink(systemUrls(tripsConfig({})), 'bookTrip:a')).toBe(
    'http://127.0.0.1:8233/namespaces/default/workflows/bookTrip%3Aa',
  );
});

it('names the namespace of a Temporal that is not ours, and gives no link unless somebody said where its Web UI is', () => {
  const urls = systemUrls(tripsConfig({ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_UI_URL: 'https://ui/' }));
  expect(webUiLink({ ...urls, namespace: 'shop' }, 'a')).toBe('https://ui/namespaces/shop/workflows/a');
  const text = webUiLink(systemUrls(tripsConfig({ TEMPORAL_ADDRESS: 'temporal:7233' })), 'a');
  expect(text).toMatch(/^a in the namespace default .*TEMPORAL_UI_URL/);
  expect(text).not.toContain('http');
});
