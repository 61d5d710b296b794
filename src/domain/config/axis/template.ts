import { Environment, Interpreter, parse, type Node, type RuntimeValue } from '@huggingface/jinja';
import { floorDivide, formatText, isTrue, modulo, toInteger } from './python-operations.js';
import {
  isNode,
  printsOnly,
  readFilter,
  readKeyword,
  readOperation,
  referenceText,
  type FilterNode,
  type Operation,
} from './template-node.js';
import { templateTokens, testOfFilter } from './template-tokens.js';
import { isList, isMap, type ConfigValue } from '../value.js';

/** Loops over more than this are a mistake, and would stop everything else. */
const maxSteps = 200_000;
/** Of all texts and lists that are made on the way: a name or a formula has some ten. */
const maxProduced = 10_000_000;

/** A Jinja template that was parsed. */
export interface Template {
  /** Throws an Error for an unknown name, a missing member and whatever cannot be calculated. */
  render(names: Names): string;
}

/** Parses a Jinja template; throws an Error whose message says what is wrong with it. */
export function parseTemplate(text: string): Template {
  const program = parseProgram(text);
  const render = (names: Names) => {
    const environment = new Environment();
    for (const [name, value] of Object.entries(globals)) environment.set(name, value);
    for (const [name, value] of Object.entries(names)) environment.set(name, toJinja(value));
    return String(new StrictInterpreter(environment).run(program).value);
  };
  return { render: printsOnly(program, 'value') ? renderOnce(render) : render };
}

type Names = Readonly<Record<string, ConfigValue>>;

/** Stands for the value in a text that is rendered once; no template has it. */
const placeholder = '\u0001value\u0001';

/** Where `value` is only printed, the text is the same for every value but for the places where it stands. */
function renderOnce(render: (names: Names) => string): (names: Names) => string {
  let parts: string[] | undefined;
  return (names) => {
    const { value, ...others } = names;
    if (!Number.isSafeInteger(value) || Object.keys(others).length > 0) return render(names);
    parts ??= render({ value: placeholder }).split(placeholder);
    return parts.join(String(value));
  };
}

function parseProgram(text: string): Node {
  try {
    return parse(templateTokens(text));
  } catch (error) {
    // the library runs off its tokens where something is left open
    if (error instanceof TypeError) throw new Error('a bracket or block is left open', { cause: error });
    throw error;
  }
}

/** Values as templates see them: mappings by the text of their keys. */
function toJinja(value: ConfigValue): unknown {
  if (isMap(value)) return Object.fromEntries([...value].map(([key, member]) => [String(key), toJinja(member)]));
  return isList(value) ? value.map(toJinja) : value;
}

const globals = { true: true, false: false, True: true, False: false, none: null, None: null, range };

function range(...bounds: unknown[]): number[] {
  const numbers = bounds.filter((bound) => typeof bound === 'number');
  const [start, stop] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const step = numbers[2] ?? 1;
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= maxSteps)) throw new Error(`range over ${length} values`);
  return Array.from({ length }, (_, index) => start + index * step);
}

/** The library renders unknown names as nothing; this interpreter refuses them, and knows the filters of numbers. */
class StrictInterpreter extends Interpreter {
  private steps = 0;
  private produced = 0;
  /** Operands of `default` and of tests: these look at undefined values themselves. */
  private readonly mayBeUndefined = new Set<unknown>();

  override evaluate(statement: Node | undefined, environment: Environment): RuntimeValue {
    if (++this.steps > maxSteps) throw new Error(`the template takes more than ${maxSteps} steps`);
    const filter = readFilter(statement);
    if (filter?.name === 'default' || statement?.type === 'TestExpression') this.allowOperand(statement);
    if (filter !== undefined && filter.name in numberFilters) return this.applyNumberFilter(filter, environment);
    if (filter?.name === 'int') return this.applyInt(filter, environment);
    if (filter?.name === 'format') return this.applyFormat(filter, environment);
    const test = filter === undefined ? undefined : testOfFilter(filter.name);
    if (filter !== undefined && test !== undefined) return this.applyTest(test, filter, environment);
    const operation = readOperation(statement);
    const result = operation === undefined ? undefined : this.operate(operation, environment);
    if (result !== undefined) return result;
    const value = super.evaluate(statement, environment);
    this.count(value);
    if (value.type === 'UndefinedValue' && referenceText(statement) && !this.mayBeUndefined.has(statement)) {
      throw new Error(`'${referenceText(statement)}' is undefined`);
    }
    return value;
  }

  private read(node: unknown, environment: Environment): unknown {
    return plainValue(this.evaluate(isNode(node) ? node : undefined, environment));
  }

  private applyInt({ operand, parameters }: FilterNode, environment: Environment): RuntimeValue {
    const named = (name: string, at: number): unknown =>
      parameters.flatMap((node, index) => {
        const keyword = readKeyword(node);
        if (keyword === undefined) return index === at ? [this.read(node, environment)] : [];
        return keyword.name === name ? [this.read(keyword.value, environment)] : [];
      })[0];
    const [otherwise, base] = [named('default', 0) ?? 0, named('base', 1) ?? 10];
    return made(toInteger(this.read(operand, environment), Number(otherwise), Number(base)));
  }

  private applyFormat({ operand, parameters }: FilterNode, environment: Environment): RuntimeValue {
    const values = parameters.map((node) => this.read(node, environment));
    return made(formatText(String(this.read(operand, environment)), values));
  }

  private applyTest(
    { name, negated }: { readonly name: string; readonly negated: boolean },
    { operand, parameters }: FilterNode,
    environment: Environment,
  ): RuntimeValue {
    const [argument] = parameters.map((node) => this.read(readKeyword(node)?.value ?? node, environment));
    const plain: unknown = Array.isArray(argument) ? argument.map(plainValue) : argument;
    return made(isTrue(name, this.read(operand, environment), plain) !== negated);
  }

  /** As Python has them; undefined where the library has it right. */
  private operate({ operator, left, right }: Operation, environment: Environment): RuntimeValue | undefined {
    const [a, b] = [this.read(left, environment), this.read(right, environment)];
    if (operator === '%' && typeof a === 'string')
      return made(formatText(a, Array.isArray(b) ? b.map(plainValue) : [b]));
    if (typeof a !== 'number' || typeof b !== 'number') throw new Error(`'${operator}' wants numbers on both sides`);
    if (operator !== '/') return made(operator === '%' ? modulo(a, b) : floorDivide(a, b));
    if (b === 0) throw new Error('a division by zero');
    return undefined;
  }

  /** Texts that double each other, and lists of them, are bounded like the steps that make them. */
  private count({ value }: RuntimeValue): void {
    if (typeof value !== 'string' && !Array.isArray(value)) return;
    this.produced += value.length;
    if (this.produced > maxProduced)
      throw new Error(`the template makes more than ${maxProduced} characters and items`);
  }

  private allowOperand(node: unknown): void {
    if (typeof node === 'object' && node !== null && 'operand' in node) this.mayBeUndefined.add(node.operand);
  }

  private applyNumberFilter(filter: FilterNode, environment: Environment): RuntimeValue {
    const read = (node: unknown) => this.evaluate(isNode(node) ? node : undefined, environment).value;
    const operand = read(filter.operand);
    const values: unknown[] = Array.isArray(operand) ? operand.map(plainValue) : [operand];
    const numbers = values.filter((value) => typeof value === 'number');
    if (numbers.length !== values.length) throw new Error(`the filter '${filter.name}' wants numbers`);
    return made(numberFilters[filter.name](numbers, filter.parameters.map(read)));
  }
}

function made(value: unknown): RuntimeValue {
  return new Environment().set('result', value);
}

function plainValue(runtime: unknown): unknown {
  return typeof runtime === 'object' && runtime !== null && 'value' in runtime ? runtime.value : runtime;
}

/** Filters of numbers that the library lacks. */
const numberFilters: Readonly<Record<string, (numbers: readonly number[], parameters: readonly unknown[]) => number>> =
  {
    round: ([number], [digits, method]) => roundTo(number, typeof digits === 'number' ? digits : 0, method),
    min: (numbers) => Math.min(...numbers),
    max: (numbers) => Math.max(...numbers),
    sum: (numbers) => numbers.reduce((sum, number) => sum + number, 0),
  };

/** Python rounds halves to the even neighbour. */
function roundTo(number: number, digits: number, method: unknown): number {
  const scaled = number * 10 ** digits;
  if (method === 'floor') return Math.floor(scaled) / 10 ** digits;
  if (method === 'ceil') return Math.ceil(scaled) / 10 ** digits;
  const below = Math.floor(scaled);
  const half = scaled - below === 0.5;
  return (half ? below + (below % 2 === 0 ? 0 : 1) : Math.round(scaled)) / 10 ** digits;
}
