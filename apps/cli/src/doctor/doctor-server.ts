import type { ServerAddress } from "@pulpit/protocol";

/** The server that is asked: by its ports, or by its web address alone, as behind a firewall that lets nothing else out. */
export type DoctorServer =
  | { readonly type: "ports"; readonly address: ServerAddress; readonly key: string }
  /** `url`: ws:// or wss://, without a path. */
  | { readonly type: "websocket"; readonly url: string; readonly key: string };
