/** Espruino's Wi-Fi and TCP sockets. Where the interpreter has no radio, as on Linux, it is on a network by other means. */
import type { Radio, RadioSocket } from '../radio';

interface WifiModule {
  connect(ssid: string, options: { password: string }, callback: (error: string | null) => void): void;
  on(event: 'connected' | 'disconnected', listener: () => void): void;
}
interface Socket {
  write(bytes: string): void;
  end(): void;
  on(event: 'data', listener: (bytes: string) => void): void;
  on(event: 'close' | 'error', listener: () => void): void;
}
interface NetModule {
  connect(options: { host: string; port: number }, opened: () => void): Socket;
}

export function createRadio(): Radio {
  const wifi = wifiModule();
  let joined = wifi === undefined;
  if (wifi !== undefined) {
    wifi.on('connected', function () {
      joined = true;
    });
    wifi.on('disconnected', function () {
      joined = false;
    });
  }
  return {
    join: function (ssid: string, password: string): void {
      try {
        if (wifi !== undefined)
          wifi.connect(ssid, { password: password }, function () {
            // The events tell.
          });
      } catch (_) {
        // Tried again.
      }
    },
    isJoined: function (): boolean {
      return joined;
    },
    dial: function (host, port, opened, received, closed): RadioSocket {
      const net = builtIn('net') as NetModule;
      const socket = net.connect({ host: host, port: port }, opened);
      socket.on('data', received);
      socket.on('close', closed);
      // A close follows, or came before.
      socket.on('error', closed);
      return socket;
    },
  };
}

function wifiModule(): WifiModule | undefined {
  try {
    return builtIn('Wifi') as WifiModule;
  } catch (_) {
    return undefined;
  }
}

/** A module of the interpreter, by a name that the bundler does not look for among the sources. @throws where it has none */
function builtIn(name: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the interpreter's own
  return require(name as 'Storage');
}
