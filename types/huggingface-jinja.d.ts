/** The part of the template library that is used; its own declarations do not resolve under Node's module rules. */
declare module '@huggingface/jinja' {
  export interface Node {
    readonly type: string;
  }
  export interface RuntimeValue {
    readonly type: string;
    readonly value: unknown;
  }
  export class Environment {
    /** Declares a name with a plain value or function, and returns it as the interpreter sees it. */
    set(name: string, value: unknown): RuntimeValue;
  }
  export class Interpreter {
    constructor(environment: Environment);
    run(program: Node): RuntimeValue;
    evaluate(node: Node | undefined, environment: Environment): RuntimeValue;
  }
  export function tokenize(text: string): unknown;
  export function parse(tokens: unknown): Node;
}
