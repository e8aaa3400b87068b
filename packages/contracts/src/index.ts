// What an application says with: services, sagas, events. Everything here needs zod; names that workflows use are in ./protocol.
export {
  action,
  outside,
  participant,
  sagaContract,
  type Action,
  type RefusalContract,
  type SagaContract,
  type Service,
  type ServiceKind,
} from './define.ts';
export { defineApp, type App } from './define-app.ts';
export { event, olderVersion, type EventContract, type OlderVersion } from './define-event.ts';
export { BusinessKey, GivenKey } from './ids.ts';
export { Problem } from './problems.ts';
export { problemWords } from './problem-words.ts';
export { isPlain, parseSagaId, PLAIN, sagaId } from './protocol/index.ts';
export { SagaEventData, sagaEvents, type SagaEvents, type SagaEventType } from './saga-events.ts';
export { Cause, SagaEnd, SagaList, SagaStatus, SagaView, StepView, Trigger } from './saga-view.ts';
export { Instant, words } from './words.ts';
