/** Bytes of an RTP header without extensions (RFC 3550, section 5.1). */
export const RTP_HEADER = 12;
const VERSION_2 = 0x80;
/** Step of the timestamp, of 48 kHz: any that grows will do, nobody plays it. */
const STEP = 48;

/**
 * Datagrams as the payload of RTP packets, in which a browser passes them on as they come: neither ordered, nor waited
 * for, nor slowed down (docs/protocol/extensions.md, "9: datagrams").
 */
export class RtpSender {
  readonly #payloadType: number;
  readonly #source: number;
  #sequence = 0;
  #timestamp = 0;

  constructor(options: { readonly payloadType: number; readonly source: number }) {
    this.#payloadType = options.payloadType;
    this.#source = options.source;
  }

  packet(datagram: Uint8Array): Uint8Array {
    const packet = new Uint8Array(RTP_HEADER + datagram.length);
    const view = new DataView(packet.buffer);
    packet[0] = VERSION_2;
    packet[1] = this.#payloadType;
    view.setUint16(2, this.#sequence);
    view.setUint32(4, this.#timestamp);
    view.setUint32(8, this.#source);
    packet.set(datagram, RTP_HEADER);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + STEP) >>> 0;
    return packet;
  }
}
