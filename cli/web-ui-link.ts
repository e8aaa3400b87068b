/** Where Temporal's Web UI tells the story of a saga. */
export const webUiLink = (temporalUi: string, sagaId: string): string =>
  `${temporalUi.replace(/\/$/, '')}/namespaces/default/workflows/${encodeURIComponent(sagaId)}`;
