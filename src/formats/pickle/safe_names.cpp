// Exactly the names that libraries write when they pickle their own objects: read from their
// __reduce__ methods and from what they write. No prefix is trusted here.
#include "formats/pickle/names.h"

namespace parapet::pickle {
namespace {

constexpr SafeRow safe_table[] = {
    {"plain Python value", "builtins",
     "object int float complex bool str bytes bytearray list tuple dict set frozenset slice range "
     "enumerate reversed zip iter Ellipsis "
     "NotImplemented NoneType ellipsis bytes.fromhex dict.fromkeys long unicode xrange basestring"},
    {"part of a class", "builtins", "property classmethod staticmethod"},
    {"exception", "builtins",
     "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup "
     "BlockingIOError BrokenPipeError BufferError "
     "BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError "
     "ConnectionResetError "
     "DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup "
     "FileExistsError FileNotFoundError "
     "FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning "
     "IndentationError IndexError InterruptedError "
     "IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError "
     "NameError NotADirectoryError "
     "NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError "
     "ProcessLookupError RecursionError "
     "ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration "
     "SyntaxError SyntaxWarning SystemError "
     "SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError "
     "UnicodeEncodeError UnicodeError "
     "UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError"},
    {"function on plain values", "builtins",
     "abs len min max sum sorted round divmod pow repr hash ord chr any all hex oct bin ascii "
     "format str.lower str.upper str.strip str.split str.title str.capitalize"},
    {"Python's own way to rebuild objects", "copyreg",
     "_reconstructor __newobj__ __newobj_ex__ _slotnames"},
    {"bytes as Python 2 writes them", "_codecs", "encode decode"},
    {"collection", "collections",
     "OrderedDict defaultdict deque Counter ChainMap UserDict UserList UserString"},
    {"collection", "collections.abc",
     "Mapping Sequence Iterable Callable Hashable Sized Set MutableMapping MutableSequence "
     "KeysView ValuesView ItemsView"},
    {"collection", "_collections", "OrderedDict defaultdict deque _tuplegetter"},
    {"date or time", "datetime", "datetime date time timedelta timezone tzinfo UTC"},
    {"date or time", "_datetime", "datetime date time timedelta timezone"},
    {"date or time", "time", "struct_time"},
    {"time zone", "zoneinfo", "ZoneInfo ZoneInfo._unpickle"},
    {"time zone", "pytz", "_UTC _p timezone utc"},
    {"time zone", "pytz.tzfile", "_tzinfo_doc"},
    {"time zone", "dateutil.tz.tz", "tzutc tzlocal tzoffset tzfile tzrange tzstr"},
    {"number", "decimal", "Decimal Context ROUND_HALF_EVEN"},
    {"number", "fractions", "Fraction"},
    {"identifier", "uuid", "UUID SafeUUID"},
    {"path", "pathlib", "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath"},
    {"path", "pathlib._local", "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath"},
    {"address", "ipaddress",
     "IPv4Address IPv6Address IPv4Network IPv6Network IPv4Interface IPv6Interface"},
    {"regular expression", "re", "_compile compile RegexFlag"},
    {"regular expression", "regex._regex_core", "_shrink_cache"},
    {"regular expression", "regex.regex", "_regex_core"},
    {"regular expression", "_regex", "compile"},
    {"array", "array", "array _array_reconstructor"},
    {"random state", "random", "Random SystemRandom"},
    {"namespace", "types",
     "SimpleNamespace MappingProxyType NoneType EllipsisType NotImplementedType"},
    {"namespace", "argparse", "Namespace"},
    {"memory buffer", "io", "BytesIO StringIO"},
    {"memory buffer", "_io", "BytesIO StringIO"},
    {"out-of-band buffer", "pickle", "PickleBuffer"},
    {"out-of-band buffer", "_pickle", "PickleBuffer"},
    {"iterator", "itertools",
     "count cycle repeat chain chain.from_iterable islice product permutations combinations "
     "combinations_with_replacement compress zip_longest pairwise"},
    {"logger, by name", "logging", "getLogger Logger RootLogger"},
    {"item getter", "operator", "itemgetter _itemgetter"},
    {"arithmetic", "operator",
     "mul sub truediv floordiv mod neg pos eq ne lt le gt ge and_ or_ xor not_ lshift rshift index "
     "matmul pow"},
    {"constant", "string", "Template"},
    {"number", "math", "sqrt exp log log2 log10 floor ceil sin cos tan fabs pow isnan isinf tanh"},
    {"constant", "typing",
     "Any Union Optional List Dict Tuple Set Callable TypeVar Generic NamedTuple Iterable Sequence "
     "Mapping"},
    {"enumeration", "enum", "Enum IntEnum Flag IntFlag EnumMeta auto"},
    {"enumeration", "socket", "AddressFamily SocketKind"},
    {"enumeration", "signal", "Signals Handlers"},
    {"enumeration", "http", "HTTPStatus HTTPMethod"},
    {"enumeration", "inspect", "_ParameterKind"},
    {"function signature", "inspect", "Parameter Signature _empty"},
    {"XML element", "xml.etree.ElementTree", "Element ElementTree"},

    {"NumPy's own way to rebuild arrays", "numpy.core.multiarray", "_reconstruct scalar"},
    {"NumPy's own way to rebuild arrays", "numpy._core.multiarray", "_reconstruct scalar"},
    {"NumPy's own way to rebuild arrays", "numpy.core.numeric", "_frombuffer"},
    {"NumPy's own way to rebuild arrays", "numpy._core.numeric", "_frombuffer"},
    {"NumPy's own way to rebuild arrays", "numpy.core._internal", "_convert_to_stringdtype_kwargs"},
    {"NumPy's own way to rebuild arrays", "numpy._core._internal",
     "_convert_to_stringdtype_kwargs"},
    {"NumPy's own way to rebuild arrays", "numpy.matrixlib.defmatrix", "matrix"},
    {"NumPy's own way to rebuild arrays", "numpy.core.records", "recarray record"},
    {"NumPy's own way to rebuild arrays", "numpy.rec", "recarray record"},
    {"NumPy's own way to rebuild arrays", "numpy.core.defchararray", "chararray"},
    {"NumPy's own way to rebuild arrays", "numpy.ma.core",
     "_mareconstruct MaskedArray MaskedConstant mvoid"},
    {"NumPy's own way to rebuild arrays", "numpy.ma", "_mareconstruct MaskedArray"},
    {"NumPy type", "numpy",
     "ndarray dtype matrix recarray record ma bool_ bool int8 int16 int32 int64 intc intp int_ "
     "uint8 uint16 uint32 uint64 uintc uintp uint "
     "longlong ulonglong float16 float32 float64 float128 longdouble half single double complex64 "
     "complex128 complex256 clongdouble csingle "
     "cdouble float_ complex_ str_ bytes_ unicode_ string_ object_ void datetime64 timedelta64 "
     "generic number integer signedinteger "
     "unsignedinteger inexact floating complexfloating character flexible poly1d long ulong"},
    {"NumPy type", "numpy.dtypes",
     "Float64DType Float32DType Float16DType Int8DType Int16DType Int32DType Int64DType UInt8DType "
     "UInt16DType UInt32DType UInt64DType "
     "BoolDType Complex64DType Complex128DType ObjectDType StrDType BytesDType VoidDType "
     "DateTime64DType TimeDelta64DType StringDType"},
    {"mathematical function of NumPy", "numpy",
     "abs absolute add arctan arcsin arccos arcsinh arctanh cbrt ceil clip cos cosh cumsum cumprod "
     "deg2rad diff divide dot exp exp2 expm1 "
     "fabs floor hypot isfinite isinf isnan log log10 log1p log2 logaddexp logical_and logical_not "
     "logical_or max maximum mean median min "
     "minimum mod multiply nanmax nanmean nanmedian nanmin nanstd nansum nanvar negative "
     "percentile power prod quantile rad2deg ravel "
     "reciprocal rint round sign sin sinh size sqrt square squeeze std subtract sum tan tanh "
     "transpose trunc unique var argmax argmin "
     "any all ptp average amin amax bincount linspace array asarray nan_to_num shape reshape "
     "concatenate"},
    {"random generator of NumPy", "numpy.random._pickle",
     "__bit_generator_ctor __generator_ctor __randomstate_ctor BitGenerators"},
    {"random generator of NumPy", "numpy.random", "__RandomState_ctor RandomState Generator"},
    {"random generator of NumPy", "numpy.random.mtrand", "RandomState __randomstate_ctor"},
    {"random generator of NumPy", "numpy.random._mt19937", "MT19937 __pyx_unpickle_MT19937"},
    {"random generator of NumPy", "numpy.random._pcg64", "PCG64 PCG64DXSM"},
    {"random generator of NumPy", "numpy.random._philox", "Philox"},
    {"random generator of NumPy", "numpy.random._sfc64", "SFC64"},
    {"random generator of NumPy", "numpy.random._generator", "Generator"},
    {"random generator of NumPy", "numpy.random.bit_generator",
     "SeedSequence __pyx_unpickle_SeedSequence"},
    {"polynomial of NumPy", "numpy.polynomial.polynomial", "Polynomial"},

    {"joblib's place of an array", "joblib.numpy_pickle", "NumpyArrayWrapper"},
    {"joblib's place of an array", "joblib.numpy_pickle_compat", "NDArrayWrapper ZNDArrayWrapper"},
    {"joblib's place of an array", "sklearn.externals.joblib.numpy_pickle",
     "NumpyArrayWrapper NDArrayWrapper"},

    {"PyTorch's own way to rebuild tensors", "torch._utils",
     "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter "
     "_rebuild_parameter_with_state _rebuild_sparse_tensor "
     "_rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_qtensor "
     "_rebuild_device_tensor_from_numpy "
     "_rebuild_device_tensor_from_cpu_tensor _rebuild_meta_tensor_no_storage _rebuild_xla_tensor "
     "_rebuild_wrapper_subclass "
     "_rebuild_mlc_tensor _rebuild_wrapper_subclass_v2"},
    {"PyTorch's own way to rebuild tensors", "torch._tensor",
     "_rebuild_from_type_v2 _rebuild_from_type Tensor"},
    {"PyTorch's own way to rebuild tensors", "torch.tensor",
     "_rebuild_from_type_v2 _rebuild_from_type"},
    {"PyTorch's own way to rebuild tensors", "torch.nn.parameter",
     "Parameter UninitializedParameter Buffer"},
    {"PyTorch's own way to rebuild tensors", "torch.serialization", "_get_layout"},
    {"PyTorch's own way to rebuild tensors", "torch.storage",
     "UntypedStorage TypedStorage _UntypedStorage _TypedStorage"},
    {"PyTorch's own way to rebuild tensors", "torch.backends.cuda", "sdp_kernel"},
    {"PyTorch's own way to rebuild tensors", "torch.jit._pickle",
     "build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id "
     "restore_type_tag"},
    {"PyTorch type", "torch",
     "Tensor Size device dtype Generator layout memory_format FloatStorage DoubleStorage "
     "HalfStorage BFloat16Storage LongStorage IntStorage "
     "ShortStorage CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage "
     "QInt8Storage QUInt8Storage QInt32Storage "
     "QUInt4x2Storage QUInt2x4Storage UntypedStorage TypedStorage float32 float float64 double "
     "float16 half bfloat16 uint8 uint16 uint32 "
     "uint64 int8 int16 short int32 int int64 long complex32 complex64 complex128 cfloat cdouble "
     "chalf bool quint8 qint8 qint32 quint4x2 "
     "quint2x4 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz strided sparse_coo "
     "sparse_csr sparse_csc sparse_bsr sparse_bsc "
     "jagged contiguous_format channels_last channels_last_3d preserve_format per_tensor_affine "
     "per_tensor_symmetric per_channel_affine "
     "per_channel_symmetric per_channel_affine_float_qparams relu tanh sigmoid"},
    {"PyTorch storage on a GPU", "torch.cuda",
     "FloatTensor DoubleTensor HalfTensor LongTensor IntTensor FloatStorage DoubleStorage "
     "HalfStorage BFloat16Storage LongStorage IntStorage "
     "ShortStorage CharStorage ByteStorage BoolStorage"},
    {"mathematical function of PyTorch", "torch.nn.functional",
     "relu gelu silu tanh sigmoid softmax log_softmax elu leaky_relu selu relu6 hardswish hardtanh "
     "softplus mish glu linear dropout "
     "cross_entropy mse_loss binary_cross_entropy nll_loss l1_loss smooth_l1_loss"},
    {"mathematical function of PyTorch", "torch._C._nn", "gelu"},
    {"ordered mapping of PyTorch hooks", "torch.utils.hooks", "RemovableHandle BackwardHook"},

    {"sparse matrix of SciPy", "scipy.sparse", "csr_matrix csc_matrix coo_matrix"},
    {"sparse matrix of SciPy", "scipy.sparse._csr", "csr_matrix csr_array"},
    {"sparse matrix of SciPy", "scipy.sparse._csc", "csc_matrix csc_array"},
    {"sparse matrix of SciPy", "scipy.sparse._coo", "coo_matrix coo_array"},
    {"sparse matrix of SciPy", "scipy.sparse._dok", "dok_matrix dok_array"},
    {"sparse matrix of SciPy", "scipy.sparse._lil", "lil_matrix lil_array"},
    {"sparse matrix of SciPy", "scipy.sparse._dia", "dia_matrix dia_array"},
    {"sparse matrix of SciPy", "scipy.sparse._bsr", "bsr_matrix bsr_array"},
    {"sparse matrix of SciPy", "scipy.sparse.csr", "csr_matrix"},
    {"sparse matrix of SciPy", "scipy.sparse.csc", "csc_matrix"},
    {"sparse matrix of SciPy", "scipy.sparse.coo", "coo_matrix"},
    {"sparse matrix of SciPy", "scipy.sparse.lil", "lil_matrix"},
    {"sparse matrix of SciPy", "scipy.sparse.dok", "dok_matrix"},
    {"distribution of SciPy", "scipy.stats._distn_infrastructure",
     "rv_frozen rv_continuous_frozen rv_discrete_frozen"},
    {"distribution of SciPy", "scipy.stats._continuous_distns",
     "norm_gen uniform_gen expon_gen gamma_gen beta_gen lognorm_gen reciprocal_gen loguniform_gen "
     "t_gen chi2_gen"},
    {"distribution of SciPy", "scipy.stats._discrete_distns",
     "randint_gen poisson_gen binom_gen bernoulli_gen"},
    {"scikit-learn's own way to rebuild objects", "sklearn.tree._tree",
     "Tree __pyx_unpickle_Splitter __pyx_unpickle_BestSplitter"},
    {"scikit-learn's own way to rebuild objects", "sklearn.neighbors._kd_tree",
     "newObj KDTree KDTree64 KDTree32"},
    {"scikit-learn's own way to rebuild objects", "sklearn.neighbors._ball_tree",
     "newObj BallTree BallTree64 BallTree32"},
    {"scikit-learn's own way to rebuild objects", "sklearn.neighbors.kd_tree", "newObj KDTree"},
    {"scikit-learn's own way to rebuild objects", "sklearn.neighbors.ball_tree", "newObj BallTree"},
    {"scikit-learn's own way to rebuild objects", "sklearn.neighbors._dist_metrics",
     "newObj EuclideanDistance"},
    {"scikit-learn's own way to rebuild objects", "sklearn.metrics._dist_metrics",
     "newObj EuclideanDistance EuclideanDistance64 EuclideanDistance32 ManhattanDistance "
     "MinkowskiDistance"},
    {"scikit-learn's own way to rebuild objects", "sklearn._loss._loss",
     "CyHalfBinomialLoss CyHalfSquaredError CyHalfMultinomialLoss CyAbsoluteError CyPinballLoss "
     "CyHalfPoissonLoss CyHalfGammaLoss __pyx_unpickle_CyLossFunction"},
    {"scikit-learn's own way to rebuild objects", "sklearn._loss.loss",
     "HalfBinomialLoss HalfSquaredError HalfMultinomialLoss"},
    {"scikit-learn's own way to rebuild objects", "sklearn._loss.link",
     "IdentityLink LogLink LogitLink MultinomialLogit Interval"},
    {"scikit-learn's own way to rebuild objects", "sklearn.linear_model._sgd_fast",
     "Hinge SquaredHinge Log ModifiedHuber SquaredLoss Huber EpsilonInsensitive"},
    {"scikit-learn's own way to rebuild objects", "sklearn.linear_model.sgd_fast",
     "Hinge Log SquaredLoss"},
    {"scikit-learn's own way to rebuild objects", "sklearn.ensemble._gb_losses",
     "BinomialDeviance MultinomialDeviance LeastSquaresError"},
    {"scikit-learn's own way to rebuild objects", "sklearn.utils._bunch", "Bunch"},
    {"scorer of scikit-learn", "sklearn.metrics._scorer", "_passthrough_scorer"},
    {"kernel or metric of scikit-learn", "sklearn.metrics._classification",
     "accuracy_score f1_score precision_score recall_score log_loss balanced_accuracy_score"},
    {"kernel or metric of scikit-learn", "sklearn.metrics._regression",
     "mean_squared_error mean_absolute_error r2_score"},
    {"kernel or metric of scikit-learn", "sklearn.metrics._ranking",
     "roc_auc_score average_precision_score"},
    {"kernel or metric of scikit-learn", "sklearn.feature_selection._univariate_selection",
     "f_classif f_regression chi2"},
    {"kernel or metric of scikit-learn", "sklearn.utils._isotonic", "isotonic_regression"},

    {"pandas' own way to rebuild objects", "pandas._libs.internals",
     "_unpickle_block BlockManager BlockPlacement"},
    {"pandas' own way to rebuild objects", "pandas._libs.arrays",
     "__pyx_unpickle_NDArrayBacked NDArrayBacked"},
    {"pandas' own way to rebuild objects", "pandas._libs.tslibs.timestamps",
     "_unpickle_timestamp Timestamp"},
    {"pandas' own way to rebuild objects", "pandas._libs.tslibs.timedeltas",
     "_timedelta_unpickle Timedelta"},
    {"pandas' own way to rebuild objects", "pandas._libs.tslibs.period", "_unpickle_period Period"},
    {"pandas' own way to rebuild objects", "pandas._libs.tslibs.nattype", "_nat_unpickle"},
    {"pandas' own way to rebuild objects", "pandas._libs.interval", "Interval"},
    {"pandas' own way to rebuild objects", "pandas._libs.missing", "NAType NA C_NAType"},
    {"pandas' own way to rebuild objects", "pandas._libs.index", "ObjectEngine Int64Engine"},
    {"pandas' own way to rebuild objects", "pandas._libs.sparse", "IntIndex BlockIndex"},
    {"pandas' own way to rebuild objects", "pandas.core.indexes.base", "_new_Index Index"},
    {"pandas' own way to rebuild objects", "pandas.core.indexes.datetimes",
     "_new_DatetimeIndex DatetimeIndex"},
    {"pandas' own way to rebuild objects", "pandas.core.indexes.period",
     "_new_PeriodIndex PeriodIndex"},
    {"pandas' own way to rebuild objects", "pandas.core.indexes.interval",
     "_new_IntervalIndex IntervalIndex"},
    {"pandas' own way to rebuild objects", "pandas.core.indexes.range", "RangeIndex"},
    {"pandas' own way to rebuild objects", "pandas.core.indexes.multi", "MultiIndex"},
    {"pandas' own way to rebuild objects", "pandas.core.indexes.numeric",
     "Int64Index Float64Index UInt64Index"},
    {"pandas' own way to rebuild objects", "pandas.core.internals.managers",
     "BlockManager SingleBlockManager"},
    {"pandas' own way to rebuild objects", "pandas.core.internals.blocks",
     "new_block _unpickle_block"},
    {"pandas' own way to rebuild objects", "pandas.tseries.offsets",
     "DateOffset Day Hour Minute Second BusinessDay MonthEnd MonthBegin"},
    {"pandas' own way to rebuild objects", "pandas._libs.tslibs.offsets",
     "Day Hour Minute Second BusinessDay MonthEnd MonthBegin YearEnd QuarterEnd Week "
     "__pyx_unpickle_Tick"},
    {"pandas' own way to rebuild objects", "pandas.core.dtypes.dtypes",
     "CategoricalDtype DatetimeTZDtype PeriodDtype IntervalDtype"},
    {"pandas' own way to rebuild objects", "pandas.core.arrays.string_", "StringDtype StringArray"},
    {"pandas' own way to rebuild objects", "pandas.core.arrays.integer",
     "Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype"},
    {"Arrow's own way to rebuild objects", "pyarrow.lib",
     "type_for_alias _restore_array chunked_array py_buffer string large_string int64 float64"},

    {"array of JAX", "jax._src.array", "_reconstruct_array"},
    {"array of JAX", "jaxlib.xla_extension", "DeviceArray"},
    {"type of ml_dtypes", "ml_dtypes", "bfloat16 float8_e4m3fn float8_e5m2 int4 uint4"},
    {"plain setting of Transformers", "transformers.trainer_utils",
     "IntervalStrategy SchedulerType HubStrategy EvaluationStrategy SaveStrategy"},
    {"plain setting of Transformers", "transformers.training_args", "OptimizerNames ParallelMode"},
    {"plain setting of Lightning", "pytorch_lightning.utilities.parsing", "AttributeDict"},
    {"plain setting of Lightning", "lightning.pytorch.utilities.parsing", "AttributeDict"},
};

constexpr Library libraries[] = {
    {"sklearn", "class of scikit-learn"},
    {"scipy", "class of SciPy"},
    {"pandas.core", "class of pandas"},
    {"pandas._libs", "class of pandas"},
    {"xgboost", "class of XGBoost"},
    {"lightgbm", "class of LightGBM"},
    {"catboost", "class of CatBoost"},
    {"torch.nn.modules", "module of PyTorch"},
    {"torch.nn.quantized", "module of PyTorch"},
    {"torch.ao.nn", "module of PyTorch"},
    {"torch.optim", "optimizer of PyTorch"},
    {"torchvision.models", "model of torchvision"},
    {"torchvision.ops", "module of torchvision"},
    {"torchvision.transforms", "transform of torchvision"},
    {"timm.models", "model of timm"},
    {"timm.layers", "module of timm"},
    {"transformers.models", "model of Transformers"},
    {"transformers.tokenization_utils", "tokenizer of Transformers"},
    {"transformers.training_args", "settings of Transformers"},
    {"tokenizers", "tokenizer"},
    {"statsmodels", "class of statsmodels"},
    {"imblearn", "class of imbalanced-learn"},
    {"category_encoders", "class of category_encoders"},
    {"gensim.models", "model of gensim"},
    {"networkx.classes", "graph of networkx"},
    {"argparse", "plain namespace"},
    {"ultralytics.nn", "module of Ultralytics"},
    {"fairlearn", "class of fairlearn"},
    {"skorch", "class of skorch"},
    {"hmmlearn", "class of hmmlearn"},
    {"umap", "class of umap-learn"},
    {"hdbscan", "class of hdbscan"},
    {"prophet", "class of Prophet"},
};

constexpr GadgetRow gadget_table[] = {
    {Gadget::getattr, "builtins", "getattr"},
    {Gadget::getattr, "dill._dill", "_get_attr"},
    {Gadget::type_of, "builtins", "type"},
    {Gadget::import_module, "builtins", "__import__"},
    {Gadget::import_module, "importlib", "import_module __import__ reload"},
    {Gadget::import_module, "importlib._bootstrap", "_gcd_import __import__ _find_and_load"},
    {Gadget::import_module, "_frozen_importlib", "__import__ _gcd_import _find_and_load"},
    {Gadget::import_module, "cloudpickle.cloudpickle", "subimport"},
    {Gadget::import_module, "dill._dill", "_import_module"},
    {Gadget::import_module, "six", "_import_module"},
    {Gadget::import_module, "pydoc", "safeimport"},
    {Gadget::import_path, "pydoc", "locate"},
    {Gadget::import_path, "pkgutil", "resolve_name"},
    {Gadget::import_path, "django.utils.module_loading", "import_string"},
    {Gadget::import_path, "werkzeug.utils", "import_string"},
    {Gadget::import_path, "hydra.utils", "get_method get_class get_object"},
    {Gadget::import_path, "logging.config", "_resolve"},
    {Gadget::import_path, "unittest.mock", "_importer"},
    {Gadget::attrgetter, "operator", "attrgetter"},
    {Gadget::methodcaller, "operator", "methodcaller"},
    {Gadget::partial, "functools", "partial"},
    {Gadget::apply, "builtins", "map filter apply"},
    {Gadget::apply, "itertools", "starmap"},
    {Gadget::apply, "functools", "reduce"},
    {Gadget::apply, "operator", "call"},
    {Gadget::reconstructor, "copyreg", "_reconstructor"},
    {Gadget::new_object, "copyreg", "__newobj__"},
    {Gadget::named_type, "cloudpickle.cloudpickle", "_builtin_type"},
    {Gadget::named_type, "dill._dill", "_load_type"},
    {Gadget::ufunc, "numpy.core", "_ufunc_reconstruct"},
    {Gadget::ufunc, "numpy._core", "_ufunc_reconstruct"},
    {Gadget::code, "types", "CodeType"},
    {Gadget::code, "dill._dill", "_create_code CodeType"},
    {Gadget::function, "dill._dill", "_create_function FunctionType"},
    {Gadget::function, "cloudpickle.cloudpickle",
     "_make_function _make_skel_func _fill_function _function_setstate _class_setstate"},
    {Gadget::function, "cloudpickle.cloudpickle_fast", "_make_function"},
    {Gadget::function, "types", "FunctionType LambdaType"},
    {Gadget::dynamic_class, "dill._dill", "_create_type _create_namedtuple"},
    {Gadget::dynamic_class, "cloudpickle.cloudpickle",
     "_make_skeleton_class _rehydrate_skeleton_class _make_skeleton_enum"},
    {Gadget::join, "builtins", "str.join bytes.join"},
    {Gadget::concat, "operator", "add concat iadd iconcat __add__ __concat__"},
    {Gadget::concat, "builtins", "str.__add__"},
    {Gadget::decode, "_codecs",
     "encode decode latin_1_encode latin_1_decode utf_8_encode utf_8_decode"},
    {Gadget::decode, "codecs", "encode decode"},
    {Gadget::decode, "builtins", "str bytes str.lower str.strip bytes.decode str.encode"},
    {Gadget::base64, "base64", "b64decode urlsafe_b64decode standard_b64decode decodebytes"},
    {Gadget::item, "operator", "getitem __getitem__"},
    {Gadget::item, "builtins", "dict.get dict.__getitem__"},
    {Gadget::namespace_of, "builtins", "vars globals"},
};

}  // namespace

std::span<const SafeRow> safe_names() { return safe_table; }
std::span<const Library> construct_only_libraries() { return libraries; }
std::span<const GadgetRow> gadgets() { return gadget_table; }

}  // namespace parapet::pickle
