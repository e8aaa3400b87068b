#!/usr/bin/env node
// `amends …`: the application's own files, amends.config.ts first, are TypeScript and run without a build.
import { register } from 'tsx/esm/api';

register();
await import('amends/main');
