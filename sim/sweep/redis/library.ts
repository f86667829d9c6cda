/** BullMQ and its Redis client: optional packages, loaded when they are first needed. */
import { createRequire } from 'node:module';
import { InputError } from '../../errors';

const load = createRequire(__filename);

/** @throws InputError where they are not installed */
export function redisLibrary(): { bullmq: typeof import('bullmq'); IORedis: typeof import('ioredis').default } {
  try {
    const { default: IORedis } = load('ioredis') as typeof import('ioredis');
    return { bullmq: load('bullmq') as typeof import('bullmq'), IORedis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new InputError(
      '--redis needs the packages bullmq and ioredis, which are not installed: npm install bullmq ioredis',
    );
  }
}
