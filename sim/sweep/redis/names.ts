/** What a campaign is called in Redis, and what workers are told of it. */

export const PREFIX = 'caldera';
/** A hash: campaigns that have work, by id. */
export const CAMPAIGNS = `${PREFIX}:campaigns`;
export const specKey = (id: string): string => `${PREFIX}:spec:${id}`;
/** The id is made of the design and the version of the program: workers of another version never see its jobs. */
export const queueName = (id: string): string => `runs-${id}`;

export interface Announcement {
  /** Version of the program that the runs need. */
  code: string;
  /** When the coordinator was last there [ms since 1970]. */
  seen_ms: number;
}

/** A coordinator says so often that it is there, and is believed gone after this. */
export const ANNOUNCE_EVERY_MS = 10_000;
export const GONE_AFTER_MS = 60_000;

export interface JobData {
  from: number;
  to: number;
}

/** What a worker returns: packed rows as base64. */
export interface JobResult {
  data: string;
  took_s: number;
  setAside: number;
}
