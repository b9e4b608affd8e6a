// The live socket: text frames are small JSON, binary frames are maps. It comes back by itself after a loss.

import { decodeFrame, type Frame } from "./frame";
import type { ClientMessage, ServerMessage } from "./wire";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export type LinkState = { kind: "connecting" } | { kind: "open" } | { kind: "lost"; retryInMs: number };

export interface SocketEvents {
  onMessage(message: ServerMessage): void;
  onFrame(frame: Frame): void;
  onLink(state: LinkState): void;
  onProblem(text: string): void;
}

/** The socket's address, from the page's own: http→ws, https→wss, the same prefix. */
export function liveAddress(page: string): string {
  const url = new URL("./api/live", page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = "";
  url.hash = "";
  return url.href;
}

/** How long to wait before try number `tries` (from 0): doubling, up to ten seconds. */
export function backOff(tries: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private tries = 0;
  private timer: number | undefined;

  constructor(
    private readonly address: string,
    private readonly events: SocketEvents,
  ) {}

  connect(): void {
    window.clearTimeout(this.timer);
    this.events.onLink({ kind: "connecting" });
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.tries = 0;
      this.events.onLink({ kind: "open" });
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.receive(event.data);
    socket.onclose = () => {
      if (this.socket === socket) this.retryLater();
    };
    this.socket = socket;
  }

  /** Send, or say that it could not be sent: nothing a person asked for is dropped silently. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  private receive(data: string | ArrayBuffer): void {
    try {
      if (typeof data === "string") this.events.onMessage(JSON.parse(data) as ServerMessage);
      else this.events.onFrame(decodeFrame(data));
    } catch (error) {
      this.events.onProblem(error instanceof Error ? error.message : String(error));
    }
  }

  private retryLater(): void {
    const wait = backOff(this.tries);
    this.tries += 1;
    this.events.onLink({ kind: "lost", retryInMs: wait });
    this.timer = window.setTimeout(() => this.connect(), wait);
  }
}
