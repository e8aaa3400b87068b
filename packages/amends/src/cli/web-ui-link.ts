import type { SystemUrls } from '../local/index.ts';

/** Where Temporal's Web UI tells the story of a saga; where there is none that is known of, what would make it known. */
export const webUiLink = ({ temporalUi, namespace }: SystemUrls, sagaId: string): string =>
  temporalUi === undefined
    ? `${sagaId} in the namespace ${namespace} (Temporal is not ours: with TEMPORAL_UI_URL this is a link)`
    : `${temporalUi.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(sagaId)}`;
