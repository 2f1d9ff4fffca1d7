/** Names that generated clients cannot use: those of schemas, operations and parameters must differ from them. */

/** Reserved words. Generators derive variables, modules and functions from each name, also in snake case. */
const WORDS = {
  TypeScript: `arguments await break case catch class const continue debugger default delete do else enum eval export
    extends false finally for function if implements import in instanceof interface let new null package private
    protected public return static super switch this throw true try typeof undefined var void while with yield`,
  Python: `and as assert async await break class continue def del elif else except false finally for from global if
    import in is lambda none nonlocal not or pass raise return self true try while with yield`,
  Java: `abstract assert boolean break byte case catch char class const continue default do double else enum extends
    final finally float for goto if implements import instanceof int interface long native new null package private
    protected public return short static strictfp super switch synchronized this throw throws transient try void
    volatile while`,
  Go: `break case chan const continue default defer else fallthrough for func go goto if import interface map package
    range return select struct switch type var`,
}

/** Built-in names, which a generated client may need itself. */
const BUILT_INS = {
  TypeScript: `AbortController AbortSignal Array ArrayBuffer Awaited BigInt Blob BodyInit Boolean Buffer DataView Date
    Error Event EventTarget Exclude Extract File FormData Function Headers Infinity Intl Iterator JSON Map Math NaN
    NonNullable Number Object Omit Parameters Partial Pick Promise Proxy Readonly ReadableStream Record Reflect RegExp
    Request RequestInfo RequestInit Required Response ReturnType Set String Symbol URL URLSearchParams Uint8Array
    WeakMap WeakSet console document fetch global globalThis process require window`,
  Python: `Any Callable Dict Enum Exception Generic List Literal Mapping Optional Sequence Tuple Type TypeVar Union
    Warning abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex
    copyright credits delattr dict dir divmod enumerate exec exit filter float format frozenset getattr globals
    hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview min next
    object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum
    super tuple type vars zip`,
  Java: `Boolean Byte Character Class ClassLoader Cloneable Collection Comparable Double Enum Exception Float Integer
    Iterable List LocalDate Long Math Module Number Object OffsetDateTime Optional Override Package Process Record
    Runnable Runtime Set Short String System Thread Throwable UUID Void clone equals finalize getClass hashCode notify
    notifyAll toString wait`,
  Go: `any append bool byte cap clear close comparable complex copy error false float32 float64 imag int int16 int32
    int64 int8 iota len make max min new nil panic print println real recover rune string true uint uint16 uint32
    uint64 uint8 uintptr`,
  'a file of each client': 'Index Init Mod',
}

const RESERVED_WORDS = Object.entries(WORDS).map(splitWords)
const RESERVED_BUILT_INS = Object.entries(BUILT_INS).map(splitWords)

function splitWords([language, names]: [string, string]) {
  return { language, names: new Set(names.split(/\s+/)) }
}

/**
 * Returns the language in which a name has another meaning; undefined if there is none.
 *
 * @param name of a schema in Pascal case, or of an operation or a parameter in camel case
 */
export function languageThatReserves(name: string): string | undefined {
  const first = name.charAt(0).toLowerCase() + name.slice(1)
  const word = RESERVED_WORDS.find(({ names }) => names.has(first))
  return (word ?? RESERVED_BUILT_INS.find(({ names }) => names.has(name)))?.language
}
