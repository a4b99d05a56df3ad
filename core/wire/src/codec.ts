import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { WireError } from "./errors.ts";

/** Decodes one message. Unknown fields are kept and written again by `encode`. @throws WireError malformed */
export function decode<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    // The library throws plain errors, and a RangeError on nesting that exhausts the stack.
    throw new WireError("malformed", `not a ${schema.name}`, { cause });
  }
}

export function encode<D extends DescMessage>(schema: D, init: MessageInitShape<D>): Uint8Array<ArrayBuffer> {
  return toBinary(schema, create(schema, init)) as Uint8Array<ArrayBuffer>;
}
