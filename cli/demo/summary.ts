import type { SystemUrls } from 'amends/local';
import { webUiLink } from 'amends';
import { sceneSagaId } from './follow-scenes.ts';
import { causeText, wrongEnd, type SceneState } from './scene-state.ts';

/** What happened to each order, with a link to its story in the Web UI. */
export const summaryText = (states: readonly SceneState[], urls: SystemUrls): string[] =>
  states.flatMap((state) => {
    const { scene, saga, order } = state;
    const cause = saga?.cause ? `, because: ${causeText(saga.cause)}` : '';
    const wrong = wrongEnd(state);
    return [
      '',
      `${wrong === undefined ? 'as it must' : 'WRONG     '}  ${scene.name}: ${scene.story}`,
      `            saga ${saga?.status ?? 'not started'}, order ${scene.order.orderId} ${order}${cause}`,
      `            ${webUiLink(urls, sceneSagaId(scene))}`,
      ...(wrong === undefined ? [] : [`            ${wrong}`]),
    ];
  });
