import type { Server, ServerResponse } from 'node:http';

/** The requests that a server has taken and not answered yet. */
export class InFlight {
  private count = 0;
  private waiting: (() => void)[] = [];

  /** Counts a request until its answer is handed to the system or its client is gone. */
  add(response: ServerResponse): void {
    this.count += 1;
    response.once('close', () => {
      this.count -= 1;
      if (this.count === 0) for (const tell of this.waiting.splice(0)) tell();
    });
  }

  /**
   * Ends the server when they are all answered. Connections on which nothing was ever asked would keep it open, as clients that
   * connect ahead make them; nobody waits on them.
   */
  async finish(server: Server): Promise<void> {
    server.close();
    server.closeIdleConnections();
    if (this.count > 0) await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    server.closeAllConnections();
  }
}
