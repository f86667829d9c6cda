/** The board of `caldera dashboard --port`: a stream of events that is taken up again where it broke off. */
import type { LiveEntry } from '../../liveSource';
import type { Source } from './source';

interface Message {
  after: string;
  now_ms: number;
  entries: LiveEntry[];
}

const RETRY_MS = 500;
/** The server says something every half second. */
const SILENCE_MS = 3000;

/** What the server wrote into the page: `board`, `results`, both or nothing; undefined: there is no server of ours. */
export function serverOffers(what: 'board' | 'results'): boolean {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="caldera-server"]');
  return meta?.content.split(' ').includes(what) ?? false;
}

/** @param broke is told when the server cannot be reached, and when it can again */
export function listenToServer(
  heard: (entries: LiveEntry[], now_ms: number) => void,
  broke: (isBroken: boolean) => void,
): Source {
  let after = '';
  let stream: EventSource | undefined;
  let timer: number | undefined;
  let lastHeard_ms = performance.now();

  const connect = (): void => {
    stream = new EventSource(`api/board?after=${after}`);
    lastHeard_ms = performance.now();
    stream.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as Message;
      after = message.after;
      lastHeard_ms = performance.now();
      broke(false);
      heard(message.entries, message.now_ms);
    };
    stream.onerror = again;
  };
  const again = (): void => {
    stream?.close();
    broke(true);
    clearTimeout(timer);
    timer = window.setTimeout(connect, RETRY_MS);
  };
  // A connection may be gone without a word.
  const watch = window.setInterval(() => {
    if (performance.now() - lastHeard_ms > SILENCE_MS) again();
  }, SILENCE_MS / 3);
  connect();

  return {
    name: 'caldera dashboard',
    isExclusive: false,
    request: async (line) => {
      const response = await fetch('api/command', { method: 'POST', body: line, headers: { 'X-Caldera': '1' } });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return text;
    },
    stop: () => {
      clearTimeout(timer);
      clearInterval(watch);
      stream?.close();
    },
  };
}
