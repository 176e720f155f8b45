// What the standard library writes when it pickles its own objects, with the arguments that it
// writes: read from Lib/copyreg.py and the __reduce__ methods of CPython 3.8 to 3.13. A name
// without arguments is only ever named, or made without its constructor.
#include "formats/pickle/names.h"

namespace parapet::pickle {
namespace {

constexpr SafeRow table[] = {
    {"plain Python value", "builtins",
     "object NoneType ellipsis Ellipsis NotImplemented basestring", ""},
    {"plain Python value", "builtins", "int long bool float", "|f|s|y|si"},
    {"plain Python value", "builtins", "complex", "|f|ff|s"},
    {"plain Python value", "builtins", "str unicode", "|s|f|ys?s?"},
    {"plain Python value", "builtins", "bytes bytearray", "|y|ss?|l|i|o"},
    {"plain Python value", "builtins", "list tuple set frozenset", "|l|t|S|s|d|o"},
    {"plain Python value", "builtins", "dict", "|l|d|o"},
    {"plain Python value", "builtins", "slice", "vv?v?"},
    {"plain Python value", "builtins", "range xrange", "ii?i?"},
    {"plain Python value", "builtins", "enumerate", "oi"},
    {"plain Python value", "builtins", "reversed iter", "v"},
    {"plain Python value", "builtins", "zip", "v+"},
    {"plain Python value", "builtins", "bytes.fromhex", "s"},
    {"plain Python value", "builtins", "dict.fromkeys", "vv?"},
    {"part of a class", "builtins", "property", "vv?v?v?"},
    {"part of a class", "builtins", "classmethod staticmethod", "o"},
    {"iterator that calls a function", "builtins", "map filter", ""},
    {"loader of the script, as dill writes it", "_frozen_importlib_external", "SourceFileLoader",
     ""},
    {"loader of the script, as dill writes it", "_frozen_importlib", "ModuleSpec", ""},
    {"names of the script, as dill writes them", "builtins", "__main__", ""},
    {"exception", "builtins",
     "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup "
     "BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError "
     "ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError "
     "DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup "
     "FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError "
     "ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError "
     "KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError "
     "NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning "
     "PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning "
     "RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning "
     "SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError "
     "UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning "
     "UserWarning ValueError Warning ZeroDivisionError",
     "|*+"},
    {"function on plain values", "builtins",
     "abs len min max sum sorted round divmod pow repr hash ord chr any all hex oct bin ascii "
     "format print isinstance issubclass str.lower str.upper str.strip str.lstrip str.rstrip "
     "str.split str.rsplit str.splitlines str.title str.capitalize str.casefold str.swapcase "
     "str.replace str.startswith str.endswith str.isdigit str.isalpha str.isspace str.isupper "
     "str.islower str.zfill str.count str.find str.index str.join bytes.lower bytes.upper "
     "bytes.decode str.encode float.is_integer list.append dict.keys dict.values dict.items "
     "dict.get",
     ""},
    {"Python's own way to rebuild objects", "copyreg",
     "_reconstructor __newobj__ __newobj_ex__ _slotnames", ""},
    {"bytes as Python 2 writes them", "_codecs", "encode", "ss?"},
    {"text of bytes", "_codecs", "decode", "ys?"},
    {"collection", "collections", "OrderedDict", "|l|d|o"},
    {"collection", "_collections", "OrderedDict", "|l|d|o"},
    {"collection", "collections", "defaultdict", "|N|c|o|cd"},
    {"collection", "_collections", "defaultdict", "|N|c|o|cd"},
    {"collection", "collections", "deque", "|v|vv"},
    {"collection", "_collections", "deque", "|v|vv"},
    {"collection", "collections", "Counter", "|d|l"},
    {"collection", "collections", "ChainMap", "|v+"},
    {"collection", "collections", "UserDict UserList UserString", ""},
    {"collection", "_collections", "_tuplegetter", "is"},
    {"kind of collection", "collections.abc",
     "Mapping Sequence Iterable Iterator Callable Hashable Sized Set MutableMapping "
     "MutableSequence MutableSet Collection Container KeysView ValuesView ItemsView Generator "
     "Awaitable",
     ""},
    {"date or time", "datetime", "datetime", "y|yo|iiii?i?i?i?v?"},
    {"date or time", "datetime", "date", "y|iii"},
    {"date or time", "datetime", "time", "y|yo|ii?i?i?v?"},
    {"date or time", "datetime", "timedelta", "|f|ff|fff"},
    {"date or time", "datetime", "timezone", "o|os"},
    {"date or time", "datetime", "tzinfo", "|v+"},
    {"date or time", "datetime", "UTC timezone.utc", ""},
    {"date or time", "_datetime", "datetime date time", "y|yo"},
    {"date or time", "_datetime", "timedelta", "|f|ff|fff"},
    {"date or time", "_datetime", "timezone", "o|os"},
    {"date or time", "time", "struct_time", "td?|ld?"},
    {"time zone", "zoneinfo", "ZoneInfo ZoneInfo._unpickle", "sv?"},
    {"time zone", "pytz", "_UTC", "|"},
    {"time zone", "pytz", "_p", "sf?f?s?"},
    {"time zone", "pytz", "timezone", "s"},
    {"time zone", "pytz", "utc", ""},
    {"time zone", "dateutil.tz.tz", "tzutc tzlocal", ""},
    {"time zone", "dateutil.tz.tz", "tzoffset", "vv"},
    {"time zone", "dateutil.tz.tz", "tzfile", "Nv|NvN"},
    {"time zone", "dateutil.tz.tz", "tzrange tzstr", ""},
    {"number", "decimal", "Decimal", "s"},
    {"number", "decimal", "Context", "isiiiiv?v?|isiiiill"},
    {"number", "decimal", "ROUND_HALF_EVEN", ""},
    {"number", "fractions", "Fraction", "s|ii"},
    {"identifier", "uuid", "UUID", "|s"},
    {"path", "pathlib", "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath", "|s+"},
    {"path", "pathlib._local", "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
     "|s+"},
    {"address", "ipaddress", "IPv4Address IPv6Address", "i|s"},
    {"address", "ipaddress", "IPv4Network IPv6Network IPv4Interface IPv6Interface", "s|t"},
    {"regular expression", "re", "_compile compile", "yi?|yo"},
    {"regular expression", "_regex", "compile", "v+"},
    {"regular expression", "regex._regex_core", "_shrink_cache", ""},
    {"regular expression", "regex.regex", "_regex_core", ""},
    {"array", "array", "array", "s|sl|sy"},
    {"array", "array", "_array_reconstructor", "rsiy"},
    {"random state", "random", "Random SystemRandom", "|i"},
    {"namespace", "types", "SimpleNamespace", "|"},
    {"namespace", "types", "MappingProxyType", "d"},
    {"plain Python value", "types", "NoneType EllipsisType NotImplementedType", ""},
    {"namespace", "argparse", "Namespace", ""},
    {"memory buffer", "io", "BytesIO", "|y"},
    {"memory buffer", "_io", "BytesIO", "|y"},
    {"memory buffer", "io", "StringIO", "|ss?"},
    {"memory buffer", "_io", "StringIO", "|ss?"},
    {"out-of-band buffer", "pickle", "PickleBuffer", "y|o"},
    {"out-of-band buffer", "_pickle", "PickleBuffer", "y|o"},
    {"iterator", "itertools", "count", "|f|ff"},
    {"iterator", "itertools", "repeat", "v|vi"},
    {"iterator", "itertools",
     "cycle chain islice product permutations combinations combinations_with_replacement compress "
     "zip_longest pairwise",
     "|v+"},
    {"iterator", "itertools", "chain.from_iterable", ""},
    {"logger, by name", "logging", "getLogger", "|s"},
    {"logger, by name", "logging", "Logger RootLogger", ""},
    {"item getter", "operator", "itemgetter", "v+"},
    {"operator", "operator",
     "add sub mul truediv floordiv mod neg pos pow matmul abs eq ne lt le gt ge and_ xor not_ "
     "invert lshift rshift index contains truth is_ is_not",
     ""},
    {"flags joined", "operator", "or_", "rr|or|ro"},
    {"text with places", "string", "Template", ""},
    {"pure function", "math",
     "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist erf "
     "erfc exp exp2 expm1 fabs factorial floor fmod fsum gamma gcd hypot isclose isfinite isinf "
     "isnan lcm ldexp lgamma log log10 log1p log2 perm pow prod radians remainder sin sinh sqrt "
     "tan "
     "tanh trunc",
     ""},
    {"pure function", "statistics",
     "fmean geometric_mean harmonic_mean mean median median_high median_low mode multimode pstdev "
     "pvariance stdev variance",
     ""},
    {"pure function", "json", "dumps loads", ""},
    {"pure function", "copy", "copy deepcopy", ""},
    {"pure function", "re", "sub findall split escape match fullmatch search", ""},
    {"pure function", "unicodedata", "normalize category combining", ""},
    {"pure function", "textwrap", "dedent wrap fill shorten", ""},
    {"pure function", "html", "escape unescape", ""},
    {"type, as an annotation", "typing",
     "Annotated Any Callable ClassVar Concatenate Final Generic Literal Optional ParamSpec "
     "Protocol "
     "Tuple Type TypeVar Union AbstractSet ByteString Collection Container Hashable ItemsView "
     "Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet "
     "Sequence Sized ValuesView Awaitable AsyncIterator AsyncIterable Coroutine Counter Deque Dict "
     "DefaultDict List OrderedDict Set FrozenSet NamedTuple TypedDict Generator Match Pattern "
     "AnyStr Never NoReturn NotRequired Required Self Text SupportsFloat SupportsInt IO TextIO "
     "BinaryIO",
     ""},
    {"enumeration", "enum", "Enum IntEnum StrEnum Flag IntFlag EnumMeta EnumType", ""},
    {"enumeration", "http", "HTTPStatus HTTPMethod", "i|s"},
    {"enumeration", "signal", "Signals Handlers Sigmasks", "i"},
    {"number of a signal, by name", "signal",
     "SIGABRT SIGALRM SIGBUS SIGCHLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGKILL SIGPIPE SIGPROF "
     "SIGQUIT SIGSEGV SIGSTOP SIGTERM SIGTRAP SIGTSTP SIGUSR1 SIGUSR2 SIG_DFL SIG_IGN",
     ""},
    {"enumeration", "socket", "AddressFamily SocketKind AddressInfo MsgFlag", "i"},
    {"number of a kind of socket, by name", "socket",
     "AF_INET AF_INET6 AF_UNIX AF_UNSPEC SOCK_STREAM SOCK_DGRAM SOCK_RAW", ""},
    {"enumeration", "re", "RegexFlag", "i"},
    {"flag, by name", "re",
     "ASCII IGNORECASE LOCALE UNICODE MULTILINE DOTALL VERBOSE DEBUG A I L U M S X NOFLAG", ""},
    {"enumeration", "inspect", "_ParameterKind", "i"},
    {"function signature", "inspect", "Parameter", "sr|so|si"},
    {"function signature", "inspect", "Signature", "t|v"},
    {"function signature", "inspect", "_empty _void", ""},
    {"enumeration", "uuid", "SafeUUID", "v"},
    {"enumeration", "plistlib", "PlistFormat", "i"},
    {"enumeration", "pstats", "SortKey", "s"},
    {"XML element", "xml.etree.ElementTree", "Element", "|s|sd"},
    {"XML element", "xml.etree.ElementTree", "ElementTree", ""},
};

}  // namespace

std::span<const SafeRow> safe_names() { return table; }

}  // namespace parapet::pickle
