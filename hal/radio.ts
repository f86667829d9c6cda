/** The seam to a network: joined by radio, sockets over TCP. What arrives is given as text of which each character is a byte. */
export interface RadioSocket {
  /** Queues bytes, each a character. May throw where the socket has closed. */
  write(bytes: string): void;
  /** Closes the socket. May throw where it has closed. */
  end(): void;
}

/** A network to be joined by radio, and connections over it. */
export interface Radio {
  /** Begins to join; again to try anew. Never throws. */
  join(ssid: string, password: string): void;
  /** Whether there is a network now. */
  isJoined(): boolean;
  /**
   * Begins to connect. `closed` is called once where that fails or the other side hangs up.
   * @throws where a socket cannot be had
   */
  dial(
    host: string,
    port: number,
    opened: () => void,
    received: (bytes: string) => void,
    closed: () => void,
  ): RadioSocket;
}
