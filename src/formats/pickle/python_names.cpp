// Names as Python knows them: what Python 2 called a module, and which modules are the standard
// library's.
#include "base/text.h"
#include "formats/pickle/names.h"

namespace parapet::pickle {
namespace {

struct Renamed {
  std::string_view from, to;
};
// Python 2's modules by the names that Python 3 gives them when it loads protocols 0 to 2
// (Lib/_compat_pickle.py).
constexpr Renamed modules_renamed[] = {
    {"__builtin__", "builtins"},
    {"copy_reg", "copyreg"},
    {"Queue", "queue"},
    {"SocketServer", "socketserver"},
    {"ConfigParser", "configparser"},
    {"repr", "reprlib"},
    {"tkFileDialog", "tkinter.filedialog"},
    {"Tkinter", "tkinter"},
    {"markupbase", "_markupbase"},
    {"_winreg", "winreg"},
    {"thread", "_thread"},
    {"dummy_thread", "_dummy_thread"},
    {"dbhash", "dbm.bsd"},
    {"dumbdbm", "dbm.dumb"},
    {"gdbm", "dbm.gnu"},
    {"xmlrpclib", "xmlrpc.client"},
    {"SimpleXMLRPCServer", "xmlrpc.server"},
    {"httplib", "http.client"},
    {"htmlentitydefs", "html.entities"},
    {"HTMLParser", "html.parser"},
    {"Cookie", "http.cookies"},
    {"cookielib", "http.cookiejar"},
    {"BaseHTTPServer", "http.server"},
    {"test.test_support", "test.support"},
    {"commands", "subprocess"},
    {"urlparse", "urllib.parse"},
    {"robotparser", "urllib.robotparser"},
    {"urllib2", "urllib.request"},
    {"anydbm", "dbm"},
    {"_abcoll", "collections.abc"},
    {"cPickle", "pickle"},
    {"_elementtree", "xml.etree.ElementTree"},
    {"DocXMLRPCServer", "xmlrpc.server"},
    {"SimpleHTTPServer", "http.server"},
    {"CGIHTTPServer", "http.server"},
    {"UserDict", "collections"},
    {"UserList", "collections"},
    {"UserString", "collections"},
    {"whichdb", "dbm"},
    {"StringIO", "io"},
    {"cStringIO", "io"},
    {"exceptions", "builtins"},
    {"dill.dill", "dill._dill"},
    {"cloudpickle", "cloudpickle.cloudpickle"},
    {"cloudpickle.cloudpickle_fast", "cloudpickle.cloudpickle"},
    {"joblib.externals.cloudpickle.cloudpickle", "cloudpickle.cloudpickle"},
    {"joblib.externals.cloudpickle", "cloudpickle.cloudpickle"},
    {"pyspark.cloudpickle.cloudpickle", "cloudpickle.cloudpickle"},
    {"ray.cloudpickle.cloudpickle", "cloudpickle.cloudpickle"},
    {"_operator", "operator"},
    {"_functools", "functools"}};
constexpr struct {
  std::string_view module, name, to_module, to_name;
} names_renamed[] = {{"builtins", "xrange", "builtins", "range"},
                     {"builtins", "reduce", "functools", "reduce"},
                     {"builtins", "intern", "sys", "intern"},
                     {"builtins", "unichr", "builtins", "chr"},
                     {"builtins", "unicode", "builtins", "str"},
                     {"builtins", "long", "builtins", "int"},
                     {"builtins", "basestring", "builtins", "str"},
                     {"builtins", "StandardError", "builtins", "Exception"},
                     {"itertools", "imap", "builtins", "map"},
                     {"itertools", "ifilter", "builtins", "filter"},
                     {"itertools", "izip", "builtins", "zip"},
                     {"itertools", "izip_longest", "itertools", "zip_longest"},
                     {"itertools", "ifilterfalse", "itertools", "filterfalse"}};

constexpr std::string_view standard_modules =
    " __future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs "
    "_collections _collections_abc "
    "_compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _datetime _dbm _decimal "
    "_elementtree _functools _gdbm "
    "_hashlib _heapq _imp _io _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec "
    "_multiprocessing _opcode _operator "
    "_osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _pydatetime _pydecimal "
    "_pyio _pyrepl _queue _random _sha1 "
    "_signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct "
    "_symtable _thread "
    "_threading_local _tkinter _tokenize _tracemalloc _typing _uuid _warnings _weakref _weakrefset "
    "_winapi _zoneinfo _interpreters "
    "_frozen_importlib _frozen_importlib_external abc aifc annotationlib antigravity argparse "
    "array ast asynchat asyncio asyncore "
    "atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk "
    "cmath cmd code codecs codeop collections "
    "colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg "
    "crypt csv ctypes curses dataclasses "
    "datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno "
    "faulthandler fcntl filecmp fileinput "
    "fnmatch formatter fractions ftplib functools gc genericpath getopt getpass gettext glob "
    "graphlib grp gzip hashlib heapq hmac html "
    "http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 "
    "linecache locale logging lzma macpath "
    "mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc "
    "nis nntplib nt ntpath nturl2path "
    "numbers opcode operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes "
    "pkgutil platform plistlib poplib "
    "posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat "
    "queue quopri random re readline reprlib "
    "resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site "
    "smtpd smtplib sndhdr socket "
    "socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string "
    "stringprep struct subprocess sunau "
    "symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test "
    "textwrap this threading time timeit tkinter "
    "token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing "
    "unicodedata unittest urllib uu uuid venv "
    "warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile "
    "zipimport zlib zoneinfo _curses_panel _scproxy _colorize _wmi _apple_support "
    "_android_support _ios_support _typing _suggestions _zstd ";

}  // namespace

Name python3_name(std::string_view module, std::string_view name) {
  for (const auto& r : modules_renamed)
    if (module == r.from) {
      module = r.to;
      break;
    }
  for (const auto& r : names_renamed)
    if (module == r.module && name == r.name) return {r.to_module, r.to_name};
  return {module, name};
}

bool is_standard_library(std::string_view module) {
  auto root = module.substr(0, module.find('.'));
  for (std::string_view family :
       {"_codecs_", "_sha", "_test", "_xx", "xxlimited", "_sysconfigdata"})
    if (root.starts_with(family)) return true;
  return listed(standard_modules, root);
}

}  // namespace parapet::pickle
