import { visibleText } from '../../domain/foreign-text.js';

type Write = NodeJS.WriteStream['write'];

const originals = new WeakMap<object, Write>();

/** From now on, what this process prints cannot steer a terminal, whoever has written it. */
export function guardOutput(streams: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) {
    const write = stream.write.bind(stream) as Write; // binding loses the overloads
    originals.set(stream, write);
    const guarded = (chunk: string | Uint8Array, ...rest: never[]): boolean =>
      write(typeof chunk === 'string' ? visibleText(chunk) : chunk, ...rest);
    stream.write = guarded as Write; // with the overloads of the one that it stands for
  }
}

/** The stream for what moves the cursor on purpose; the text in it must have been made visible. */
export function steeringStream(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = originals.get(stream);
  if (write === undefined) return stream;
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
