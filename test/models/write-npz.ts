import { crc32, deflateRawSync } from "node:zlib";

/** An array as numpy would hold it, row-major; `descr` as in a .npy header. */
export interface NpyArray {
  readonly descr: string;
  readonly shape: readonly number[];
  /** Bytes of the elements in the order of the file. */
  readonly data: Uint8Array;
  readonly columnMajor?: boolean;
}

/** A version 1 .npy file, laid out as numpy.lib.format describes it. */
export function npyBytes({ descr, shape, data, columnMajor = false }: NpyArray): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': ${columnMajor ? "True" : "False"}, 'shape': ${tuple}, }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  return new Uint8Array(Buffer.concat([start, Buffer.from(header), data]));
}

/** A row-major float32 array. */
export function floats(shape: readonly number[], values: ArrayLike<number>): NpyArray {
  return { descr: "<f4", shape, data: bytesOf(Float32Array.from(values)) };
}

/** A zip archive as Python's zipfile writes it: local headers with room for long lengths, as numpy asks for. */
export function zipBytes(files: Readonly<Record<string, Uint8Array>>, deflated = false): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(files)) {
    const packed = deflated ? deflateRawSync(data) : data;
    const sums = numbers([4, crc32(data)], [4, packed.length], [4, data.length]);
    const common = [
      numbers([2, 20], [2, 0], [2, deflated ? 8 : 0], [4, 0]),
      sums,
      numbers([2, Buffer.byteLength(name)]),
    ];
    const room = numbers([2, 1], [2, 16], [4, data.length], [4, 0], [4, packed.length], [4, 0]);
    const local = [numbers([4, 0x04034b50]), ...common, numbers([2, room.length]), Buffer.from(name), room, packed];
    const rest = numbers([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    directory.push(Buffer.concat([numbers([4, 0x02014b50], [2, 20]), ...common, rest, Buffer.from(name)]));
    parts.push(Buffer.concat(local));
    offset += parts[parts.length - 1].length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = directory.length;
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

/** What numpy.savez writes; with `deflated` what savez_compressed does. */
export function npzBytes(arrays: Readonly<Record<string, NpyArray>>, deflated = false): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npyBytes(array)] as const);
  return zipBytes(Object.fromEntries(files), deflated);
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Little-endian whole numbers of so many bytes. */
function numbers(...fields: readonly (readonly [bytes: number, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
