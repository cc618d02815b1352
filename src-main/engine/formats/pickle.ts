// Python's pickle, read as data only: numbers, texts, bytes, lists, tuples, dicts and numpy arrays. A pickle is a
// program that may name any function; here a closed list of names is understood, and nothing is ever called.
import { RepriseError } from '../../shared/errors.ts'
import {
  filledArray,
  inWords,
  isKind,
  isShape,
  latin1,
  type PickleValue,
  type PickleVocabulary,
  plainData,
} from './pickle-values.ts'

/** True when the bytes begin as a pickle of protocol 2 to 5. */
export function matchPickle(bytes: Uint8Array): boolean {
  const protocol = bytes[1] ?? 0
  return bytes[0] === 0x80 && protocol >= 2 && protocol <= 5
}

/**
 * Reads one pickle of protocol 2 to 5.
 * Throws `data-truncated` when it ends too early, `data-format` when it is damaged or wants anything but plain data.
 */
export function readPickle(bytes: Uint8Array, file: string, vocabulary: PickleVocabulary = plainData): PickleValue {
  return readLeadingPickle(bytes, file, vocabulary).value
}

/** As `readPickle`, of bytes in which more follows: `end` is where the pickle has ended. */
export function readLeadingPickle(
  bytes: Uint8Array,
  file: string,
  vocabulary: PickleVocabulary,
): { value: PickleValue; end: number } {
  if (bytes.length < 2) throw truncated(file, bytes.length)
  if (!matchPickle(bytes)) throw refused(file, vocabulary, 'other first bytes', 'a pickle of protocol 2 to 5')
  return new PickleReader(bytes, file, vocabulary).run()
}

class PickleReader {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly file: string
  private readonly vocabulary: PickleVocabulary
  private at = 0
  private stack: PickleValue[] = []
  /** Heights of the stack where marks lie. */
  private readonly marks: number[] = []
  private readonly memo = new Map<number, PickleValue>()

  constructor(bytes: Uint8Array, file: string, vocabulary: PickleVocabulary) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.file = file
    this.vocabulary = vocabulary
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      const start = this.at
      const code = this.byte()
      if (code === 0x2e) return { value: this.pop(), end: this.at }
      if (!this.step(code)) {
        throw refused(this.file, this.vocabulary, `the instruction 0x${code.toString(16)} at byte ${start}`)
      }
    }
  }

  /** Carries out one instruction (named as in Python's pickletools); false when it is not understood. */
  private step(code: number): boolean {
    const { stack } = this
    switch (code) {
      case 0x80: // PROTO
        this.byte()
        return true
      case 0x95: // FRAME
        this.long()
        return true
      case 0x28: // MARK
        this.marks.push(stack.length)
        return true
      case 0x30: // POP
        this.pop()
        return true
      case 0x4e: // NONE
        return this.push(null)
      case 0x88: // NEWTRUE
        return this.push(true)
      case 0x89: // NEWFALSE
        return this.push(false)
      case 0x4a: // BININT
        return this.push(this.view.getInt32(this.take(4), true))
      case 0x4b: // BININT1
        return this.push(this.byte())
      case 0x4d: // BININT2
        return this.push(this.view.getUint16(this.take(2), true))
      case 0x8a: // LONG1
        return this.push(this.bigNumber(this.byte()))
      case 0x47: // BINFLOAT
        return this.push(this.view.getFloat64(this.take(8), false))
      case 0x55: // SHORT_BINSTRING
      case 0x43: // SHORT_BINBYTES
        return this.push(this.chunk(this.byte()))
      case 0x54: // BINSTRING
      case 0x42: // BINBYTES
        return this.push(this.chunk(this.word()))
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.push(this.chunk(this.long()))
      case 0x8c: // SHORT_BINUNICODE
        return this.push(this.text(this.byte()))
      case 0x58: // BINUNICODE
        return this.push(this.text(this.word()))
      case 0x8d: // BINUNICODE8
        return this.push(this.text(this.long()))
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.push([])
      case 0x7d: // EMPTY_DICT
        return this.push(new Map())
      case 0x74: // TUPLE
        return this.push(this.popToMark())
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.push(this.popMany(code - 0x84))
      case 0x61: // APPEND
        return this.append([this.pop()])
      case 0x65: // APPENDS
        return this.append(this.popToMark())
      case 0x73: // SETITEM
        return this.setItems(this.popMany(2))
      case 0x75: // SETITEMS
        return this.setItems(this.popToMark())
      case 0x71: // BINPUT
        this.memo.set(this.byte(), this.peek())
        return true
      case 0x72: // LONG_BINPUT
        this.memo.set(this.word(), this.peek())
        return true
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.peek())
        return true
      case 0x68: // BINGET
        return this.push(this.remembered(this.byte()))
      case 0x6a: // LONG_BINGET
        return this.push(this.remembered(this.word()))
      case 0x63: // GLOBAL
        return this.pushGlobal(this.line(), this.line())
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popMany(2)
        return this.pushGlobal(module, name)
      }
      case 0x52: // REDUCE
        return this.reduce(this.popMany(2))
      case 0x51: // BINPERSID
        return this.pushPersistent(this.pop())
      case 0x62: // BUILD
        return this.build(this.pop())
      default:
        return false
    }
  }

  private reduce([callable, args]: PickleValue[]): boolean {
    if (!isKind(callable, 'global') || !Array.isArray(args)) throw this.malformed()
    const made = this.vocabulary.construct(callable.name, args)
    if (made === null) throw this.malformed()
    return this.push(made)
  }

  private pushPersistent(id: PickleValue): boolean {
    const value = this.vocabulary.load?.(id) ?? null
    if (value === null) throw refused(this.file, this.vocabulary, 'a reference to something outside it')
    return this.push(value)
  }

  /** Fills an array or a type that was just made with its state. */
  private build(state: PickleValue): boolean {
    const target = this.peek()
    // Attributes of a dict, such as the versions of modules that PyTorch adds, and the state of what is skipped.
    if (target instanceof Map || isKind(target, 'opaque')) return true
    if (!Array.isArray(state)) throw this.malformed()
    if (isKind(target, 'dtype')) {
      target.littleEndian = state[1] !== '>' && !(state[1] instanceof Uint8Array && state[1][0] === 0x3e)
      return true
    }
    const [, shape, dtype, columnMajor, data] = state
    if (!isKind(target, 'array') || !isKind(dtype, 'dtype') || !isShape(shape) || !(data instanceof Uint8Array)) {
      throw this.malformed()
    }
    Object.assign(target, filledArray(dtype, shape, columnMajor === true, data))
    return true
  }

  private append(items: PickleValue[]): boolean {
    const list = this.peek()
    if (!Array.isArray(list)) throw this.malformed()
    for (const item of items) list.push(item)
    return true
  }

  private setItems(items: PickleValue[]): boolean {
    const dict = this.peek()
    if (!(dict instanceof Map) || items.length % 2 !== 0) throw this.malformed()
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i] ?? null
      dict.set(key instanceof Uint8Array ? latin1(key) : key, items[i + 1] ?? null)
    }
    return true
  }

  private pushGlobal(module: PickleValue | undefined, name: PickleValue | undefined): boolean {
    const full = `${inWords(module)}.${inWords(name)}`.replace(/^numpy\.core\./, 'numpy._core.')
    if (this.vocabulary.understands(full)) return this.push({ kind: 'global', name: full })
    throw refused(this.file, this.vocabulary, `a call of ${full}, which was not run`)
  }

  private push(value: PickleValue): true {
    this.stack.push(value)
    return true
  }

  private pop(): PickleValue {
    return this.popMany(1)[0] ?? null
  }

  private popMany(count: number): PickleValue[] {
    const floor = this.marks.at(-1) ?? 0
    if (this.stack.length - count < floor) throw this.malformed()
    return this.stack.splice(this.stack.length - count, count)
  }

  private popToMark(): PickleValue[] {
    const mark = this.marks.pop()
    if (mark === undefined) throw this.malformed()
    return this.stack.splice(mark)
  }

  private peek(): PickleValue {
    const top = this.stack.at(-1)
    if (top === undefined) throw this.malformed()
    return top
  }

  private remembered(index: number): PickleValue {
    const value = this.memo.get(index)
    if (value === undefined) throw this.malformed()
    return value
  }

  /** Moves on by `size` bytes and returns where they begin. */
  private take(size: number): number {
    const start = this.at
    if (start + size > this.bytes.length) throw truncated(this.file, this.bytes.length)
    this.at = start + size
    return start
  }

  private byte(): number {
    return this.bytes[this.take(1)] ?? 0
  }

  private word(): number {
    return this.view.getUint32(this.take(4), true)
  }

  private long(): number {
    return Number(this.view.getBigUint64(this.take(8), true))
  }

  private chunk(size: number): Uint8Array {
    const start = this.take(size)
    return this.bytes.subarray(start, start + size)
  }

  private text(size: number): string {
    return new TextDecoder().decode(this.chunk(size))
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end === -1) throw truncated(this.file, this.bytes.length)
    const text = this.text(end - this.at)
    this.take(1)
    return text
  }

  private bigNumber(size: number): number {
    const digits = this.chunk(size)
    let value = 0n
    for (const [i, digit] of digits.entries()) value |= BigInt(digit) << BigInt(8 * i)
    const signed = size === 0 ? 0n : BigInt.asIntN(8 * size, value)
    if (!Number.isSafeInteger(Number(signed)))
      throw refused(this.file, this.vocabulary, `${signed}`, 'numbers below 2^53')
    return Number(signed)
  }

  private malformed(): RepriseError {
    const found = `an instruction without its operands before byte ${this.at}`
    return refused(this.file, this.vocabulary, found, 'a well-formed pickle')
  }
}

function truncated(file: string, found: number): RepriseError {
  return new RepriseError({
    code: 'data-truncated',
    message: `${file} ends too early`,
    expected: 'a whole pickle',
    found: `${found} bytes`,
    fix: 'The copy or download was cut off: get the file again from its source.',
  })
}

function refused(
  file: string,
  vocabulary: PickleVocabulary,
  found: string,
  expected = vocabulary.expected,
): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} cannot be read as data`,
    expected,
    found,
    fix: vocabulary.fix,
  })
}
