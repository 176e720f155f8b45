#!/usr/bin/env python3
"""Writes models with the real libraries, as far as they are installed, to see that the scanner is quiet about them:
    real_models.py FOLDER
Debian: apt-get install --no-install-recommends python3-sklearn python3-pandas python3-statsmodels python3-joblib
        python3-lz4 python3-torch python3-xgboost python3-gensim python3-dill python3-cloudpickle
Only writes; nothing is loaded."""
import collections
import datetime
import functools
import importlib
import os
import pickle
import sys
import warnings

warnings.filterwarnings('ignore')
folder = sys.argv[1]
written, missing = 0, []


def have(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        missing.append(name)
        return None


def put(name, value, protocols=(0, 2, 4, 5)):
    global written
    for p in protocols:
        path = os.path.join(folder, f'{name}-p{p}.pkl')
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            data = pickle.dumps(value, p)
        except Exception as e:
            print('not pickled:', name, p, e)
            continue
        with open(path, 'wb') as f:
            f.write(data)
        written += 1


np = have('numpy')
if np:
    arrays = {'f8': np.arange(6.0).reshape(2, 3), 'f4_fortran': np.asfortranarray(np.ones((3, 4), 'f4')), 'bool': np.array([True, False]),
              'objects': np.array([None, 'a', {'b': 1}], dtype=object), 'text': np.array(['a', 'bc']), 'bytes': np.array([b'a']),
              'dates': np.array(['2024-01-01'], 'datetime64[D]'), 'records': np.zeros(3, [('a', 'i4'), ('b', 'f8', (2,))]),
              'masked': np.ma.array([1, 2], mask=[0, 1]), 'matrix': np.matrix([[1, 2]]), 'recarray': np.rec.array([(1, 2.0)], names='a,b'),
              'scalar': np.float32(3), 'complex': np.complex128(1j), 'date': np.datetime64('2024-01-01'), 'dtype': np.dtype('f8,i4'),
              'function': np.mean, 'ufunc': np.log1p, 'random_state': np.random.RandomState(1), 'generator': np.random.default_rng(1),
              'philox': np.random.Generator(np.random.Philox(2)), 'sfc': np.random.Generator(np.random.SFC64(3)), 'seeds': np.random.SeedSequence(5),
              'poly': np.poly1d([1, 2]), 'polynomial': np.polynomial.Polynomial([1, 2]), 'chebyshev': np.polynomial.Chebyshev([1, 2]),
              'chararray': np.char.array(['a']), 'type': np.float64, 'memory': {'x': [np.int64(1)] * 3}}
    for k, v in arrays.items():
        put(f'numpy/{k}', v)

put('python/values', {'date': datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc), 'delta': datetime.timedelta(1), 'counter': collections.Counter('aab'),
                      'default': collections.defaultdict(list, a=[1]), 'nested': collections.defaultdict(functools.partial(collections.defaultdict, int)),
                      'ordered': collections.OrderedDict(a=1), 'deque': collections.deque([1], 3), 'chain': collections.ChainMap({1: 2})})
for module, names in {'decimal': 'Decimal', 'fractions': 'Fraction', 'uuid': 'uuid4', 'pathlib': 'Path PurePosixPath', 'ipaddress': 'ip_address'}.items():
    m = importlib.import_module(module)
    for n in names.split():
        put(f'python/{module}-{n}', getattr(m, n)(*{'uuid4': (), 'ip_address': ('10.0.0.1',)}.get(n, ('1',))))
import array, enum, http, inspect, logging, operator, random, re, signal, string, types, typing, zoneinfo  # noqa: E402,E401
for name, value in {'array': array.array('d', [1.5]), 'status': http.HTTPStatus.OK, 'signal': signal.SIGTERM, 'signature': inspect.signature(len),
                    'logger': logging.getLogger('a.b'), 'itemgetter': operator.itemgetter(1, 2), 'random': random.Random(1), 'regex': re.compile('a+', re.I),
                    'template': string.Template('$a'), 'namespace': types.SimpleNamespace(a=1), 'zone': zoneinfo.ZoneInfo('UTC'),
                    'list_of_int': list[int], 'optional': typing.Optional[int], 'dict_type': typing.Dict[str, typing.List[int]], 'union': int | str,
                    'callable': typing.Callable[[int], str], 'exception': ValueError('x'), 'slices': (slice(1, 2), range(3), Ellipsis, NotImplemented),
                    'types': (int, type(None), types.NoneType, types.FunctionType), 'partial': functools.partial(int, base=2), 'bytearray': bytearray(b'x'),
                    'methods': ('a'.upper, str.upper, [1].append), 'builtins': (len, max, sorted, print), 'iterators': (iter([1]), iter('a'), reversed([1]), enumerate('a'), zip('a', 'b')),
                    'frozen': frozenset([1, 2]), 'complex': 1j, 'flag': re.I | re.M}.items():
    try:
        put(f'python/{name}', value)
    except Exception as e:
        print(name, e)

joblib = have('joblib')
if have('sklearn') and np:
    from sklearn.utils import all_estimators
    from sklearn import compose, pipeline, preprocessing, linear_model, model_selection, svm, tree, ensemble, feature_extraction, metrics, cluster
    r = np.random.RandomState(0)
    X, y = np.abs(r.rand(60, 4)), r.randint(0, 2, 60)
    fitted = {}
    for name, cls in all_estimators():
        try:
            e = cls()
            try:
                e.fit(X, y)
            except Exception:
                e.fit(X)
            fitted[name] = e
        except Exception:
            try:
                fitted[name + '_unfitted'] = cls()
            except Exception:
                pass
    fitted['pipeline'] = pipeline.Pipeline([('s', preprocessing.StandardScaler()), ('m', svm.SVC(probability=True))]).fit(X, y)
    fitted['columns'] = pipeline.make_pipeline(compose.ColumnTransformer([('a', preprocessing.StandardScaler(), [0, 1]), ('b', preprocessing.OneHotEncoder(handle_unknown='ignore'), [2])], remainder='passthrough'),
                                               ensemble.RandomForestClassifier(5)).fit(X, y)
    fitted['search'] = model_selection.GridSearchCV(tree.DecisionTreeClassifier(), {'max_depth': [1, 2]}, scoring=metrics.make_scorer(metrics.f1_score)).fit(X, y)
    fitted['random_search'] = model_selection.RandomizedSearchCV(tree.DecisionTreeClassifier(), {'max_depth': __import__('scipy.stats').stats.randint(1, 5)}, n_iter=2).fit(X, y)
    fitted['text'] = pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), linear_model.SGDClassifier()).fit(['good model', 'bad data'] * 30, y)
    fitted['function_transformer'] = preprocessing.FunctionTransformer(np.log1p).fit(X)
    fitted['voting'] = ensemble.VotingClassifier([('a', linear_model.LogisticRegression()), ('b', tree.DecisionTreeClassifier())]).fit(X, y)
    fitted['stacking'] = ensemble.StackingClassifier([('a', linear_model.LogisticRegression())]).fit(X, y)
    fitted['kernel'] = __import__('sklearn.gaussian_process').gaussian_process.GaussianProcessRegressor(__import__('sklearn.gaussian_process.kernels').gaussian_process.kernels.RBF() * 2).fit(X, y)
    fitted['neighbours_ball'] = __import__('sklearn.neighbors').neighbors.KNeighborsClassifier(algorithm='ball_tree').fit(X, y)
    fitted['neighbours_kd'] = __import__('sklearn.neighbors').neighbors.KNeighborsClassifier(algorithm='kd_tree').fit(X, y)
    for loss in ('log_loss', 'hinge', 'modified_huber', 'squared_error', 'huber'):
        fitted['sgd_' + loss] = linear_model.SGDClassifier(loss=loss).fit(X, y)
    for loss in ('squared_error', 'absolute_error', 'poisson', 'quantile'):
        fitted['hist_' + loss] = ensemble.HistGradientBoostingRegressor(loss=loss, quantile=0.5, max_iter=5).fit(X, y)
    print(len(fitted), 'estimators of scikit-learn')
    for name, e in fitted.items():
        put(f'sklearn/{name}', e, (2, 4, 5))
        if joblib:
            os.makedirs(os.path.join(folder, 'joblib'), exist_ok=True)
            for compress in (0, 3) if name not in ('pipeline', 'columns', 'search', 'text', 'RandomForestClassifier', 'stacking') else \
                    (0, ('zlib', 3), ('gzip', 3), ('bz2', 3), ('xz', 3), ('lzma', 3), ('lz4', 3)):
                kind = compress[0] if isinstance(compress, tuple) else str(compress)
                try:
                    joblib.dump(e, os.path.join(folder, f'joblib/{name}-{kind}.joblib'), compress=compress)
                    written += 1
                except Exception as x:
                    print('joblib', name, kind, x)

pd = have('pandas')
if pd and np:
    frame = pd.DataFrame({'i': [1, 2], 'f': [.5, 1.5], 's': ['a', 'b'], 'd': pd.to_datetime(['2024-01-01', '2024-01-02']), 'c': pd.Categorical(['x', 'y']),
                          'n': pd.array([1, None], dtype='Int64'), 'b': pd.array([True, None], dtype='boolean'), 't': pd.array(['a', None], dtype='string'),
                          'z': pd.to_datetime(['2024-01-01', '2024-01-02']).tz_localize('Europe/Berlin'), 'p': pd.period_range('2024', periods=2, freq='M'),
                          'v': pd.interval_range(0, 2), 'td': pd.to_timedelta([1, 2], 's')})
    for k, v in {'frame': frame, 'series': frame['f'], 'index': frame.index, 'multi': frame.set_index(['i', 's']), 'dates': pd.date_range('2024', periods=3, freq='B'),
                 'timestamp': pd.Timestamp('2024-01-01', tz='UTC'), 'nat': pd.NaT, 'na': pd.NA, 'timedelta': pd.Timedelta(1), 'offset': pd.offsets.MonthEnd(2),
                 'sparse': pd.arrays.SparseArray([0, 0, 1]), 'interval': pd.Interval(0, 1), 'categories': pd.CategoricalIndex(['a']), 'dtypes': list(frame.dtypes),
                 'strings': pd.Index(['a', 'b']), 'period': pd.Period('2024', 'M'), 'grouped': frame[['i', 'f']].sum()}.items():
        put(f'pandas/{k}', v)

if have('scipy') and np:
    import scipy.interpolate, scipy.sparse, scipy.spatial, scipy.stats  # noqa: E401
    for fmt in ('csr', 'csc', 'coo', 'lil', 'dok', 'dia', 'bsr'):
        put(f'scipy/{fmt}', scipy.sparse.random(4, 4, 0.5, fmt, random_state=1))
    for k, v in {'frozen': scipy.stats.norm(0, 1), 'dist': scipy.stats.gamma, 'kde': scipy.stats.gaussian_kde([1, 2, 3.]), 'interp': scipy.interpolate.interp1d([1, 2], [3, 4]),
                 'spline': scipy.interpolate.UnivariateSpline(range(6), range(6)), 'tree': scipy.spatial.cKDTree(np.eye(3)), 'kdtree': scipy.spatial.KDTree(np.eye(3)),
                 'rotation': __import__('scipy.spatial.transform').spatial.transform.Rotation.identity(), 'cubic': scipy.interpolate.CubicSpline([1, 2, 3], [1, 2, 3])}.items():
        put(f'scipy/{k}', v)

sm = have('statsmodels.api')
if sm and np:
    X = sm.add_constant(np.random.RandomState(1).rand(40, 2))
    y = X @ [1, 2, 3]
    put('statsmodels/ols', sm.OLS(y, X).fit())
    put('statsmodels/logit', sm.Logit(y > y.mean(), X[:, :1]).fit(disp=0))
    put('statsmodels/glm', sm.GLM(y, X, family=sm.families.Poisson()).fit())
    put('statsmodels/arima', __import__('statsmodels.tsa.arima.model').tsa.arima.model.ARIMA(np.random.RandomState(1).rand(50), order=(1, 0, 0)).fit(), (4, 5))
    put('statsmodels/holt', __import__('statsmodels.tsa.api').tsa.api.ExponentialSmoothing(np.random.RandomState(1).rand(50)).fit(), (4, 5))
    if pd:
        put('statsmodels/formula', __import__('statsmodels.formula.api').formula.api.ols('a ~ b', pd.DataFrame({'a': y, 'b': X[:, 1]})).fit(), (4, 5))

torch = have('torch')
if torch:
    from torch import nn
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 4), nn.LSTM(4, 4), nn.Embedding(4, 4), nn.TransformerEncoderLayer(4, 2), nn.GELU())
    adam = torch.optim.AdamW(net.parameters(), lr=0.1)
    loss = sum(p.sum() for p in net.parameters())
    loss.backward()
    adam.step()
    plan = torch.optim.lr_scheduler.StepLR(adam, 2)
    things = {'state': net.state_dict(), 'model': net, 'optimizer': adam.state_dict(), 'optimizer_object': adam, 'checkpoint': {
        'epoch': 3, 'state_dict': net.state_dict(), 'optimizer': adam.state_dict(), 'scheduler': plan.state_dict(), 'best': np.float64(0.5), 'args': __import__('argparse').Namespace(lr=0.1),
        'rng': torch.get_rng_state(), 'numpy_rng': np.random.get_state(), 'python_rng': random.getstate()},
        'parameter': nn.Parameter(torch.ones(2)), 'dtypes': [torch.ones(2, dtype=d) for d in (torch.float16, torch.bfloat16, torch.int8, torch.uint8, torch.bool, torch.int64, torch.float64, torch.complex64)],
        'sparse': torch.eye(3).to_sparse(), 'quantized': torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8), 'size': torch.Size([1, 2]), 'device': torch.device('cpu'), 'dtype': torch.float32,
        'scheduler': plan, 'partial': functools.partial(nn.functional.gelu), 'activation': [torch.relu, nn.functional.relu, torch.tanh], 'dataset': torch.utils.data.TensorDataset(torch.ones(2))}
    for k, v in things.items():
        for kind, zipped in (('zip', True), ('legacy', False)):
            os.makedirs(os.path.join(folder, 'torch'), exist_ok=True)
            try:
                torch.save(v, os.path.join(folder, f'torch/{k}-{kind}.pt'), _use_new_zipfile_serialization=zipped)
                written += 1
            except Exception as e:
                print('torch', k, kind, e)
        if k in ('state', 'parameter', 'size', 'device', 'dtype', 'sparse'):
            put(f'torch/{k}', v, (2, 4))
    try:
        torch.jit.script(nn.Sequential(nn.Linear(2, 2), nn.ReLU())).save(os.path.join(folder, 'torch/script.pt'))
        written += 1
    except Exception as e:
        print('torch script', e)

xgb = have('xgboost')
if xgb and np:
    X, y = np.random.RandomState(0).rand(40, 3), np.arange(40) % 2
    for k, v in {'classifier': xgb.XGBClassifier(n_estimators=3).fit(X, y), 'regressor': xgb.XGBRegressor(n_estimators=3).fit(X, y), 'ranker': xgb.XGBRanker(n_estimators=2).fit(X, y, group=[40]),
                 'booster': xgb.train({}, xgb.DMatrix(X, y), 3)}.items():
        put(f'xgboost/{k}', v)
for name, parts in {'lightgbm': 'LGBMClassifier LGBMRegressor', 'catboost': 'CatBoostClassifier CatBoostRegressor'}.items():
    m = have(name)
    for part in parts.split() if m and np else []:
        put(f'{name}/{part}', getattr(m, part)(n_estimators=3).fit(np.random.RandomState(0).rand(40, 3), np.arange(40) % 2))

if have('gensim') and np:
    import gensim.models, gensim.corpora, gensim.similarities  # noqa: E401
    texts = [['a', 'b', 'c'], ['b', 'c', 'd']] * 10
    d = gensim.corpora.Dictionary(texts)
    bags = [d.doc2bow(t) for t in texts]
    w = gensim.models.Word2Vec(texts, vector_size=4, min_count=1)
    for k, v in {'word2vec': w, 'keyed': w.wv, 'fasttext': gensim.models.FastText(texts, vector_size=4, min_count=1), 'doc2vec': gensim.models.Doc2Vec([gensim.models.doc2vec.TaggedDocument(t, [i]) for i, t in enumerate(texts)], vector_size=4, min_count=1),
                 'dictionary': d, 'lda': gensim.models.LdaModel(bags, 2, id2word=d), 'tfidf': gensim.models.TfidfModel(bags), 'lsi': gensim.models.LsiModel(bags, id2word=d, num_topics=2), 'phrases': gensim.models.Phrases(texts)}.items():
        put(f'gensim/{k}', v, (2, 4))
        os.makedirs(os.path.join(folder, 'gensim'), exist_ok=True)
        try:
            v.save(os.path.join(folder, f'gensim/{k}.model'))
            written += 1
        except Exception as e:
            print('gensim', k, e)

import abc, dataclasses  # noqa: E402,E401


def make_code():
    """Functions and classes of a script, as dill and cloudpickle take them along."""
    scale = 3

    @dataclasses.dataclass
    class Settings:
        rate: float = 0.1
        names: list = dataclasses.field(default_factory=list)

    class Base(abc.ABC):
        @abc.abstractmethod
        def fit(self, x): ...

    class Model(Base):
        kind = 'x'

        def fit(self, x):
            return [v * scale for v in x]

        @property
        def size(self):
            return len(self.kind)

        @staticmethod
        def helper(a, b=2):
            return a + b

    class Mode(enum.Enum):
        a = 1
        b = 2
    point = collections.namedtuple('point', 'x y')
    return {'lambda': lambda x: x + 1, 'closure': lambda x: x * scale, 'class': Model, 'instance': Model(), 'dataclass': Settings(), 'enum': Mode.a, 'namedtuple': point(1, 2),
            'default': lambda x, y=(1, 2), *, z=None: (x, y, z), 'partial': functools.partial(lambda a, b: a, 1), 'uses_numpy': (lambda x: np.log1p(x).sum()) if np else None,
            'factory': collections.defaultdict(lambda: [0]), 'bound': Model().fit, 'recursive': make_recursive()}


def make_recursive():
    def f(n):
        return 1 if n < 2 else n * f(n - 1)
    return f


for library in ('dill', 'cloudpickle'):
    writer = have(library)
    for k, v in make_code().items() if writer else ():
        if (library, k) == ('dill', 'dataclass'):
            continue  # calls setattr on the class that travels: high, and rightly so
        for p in (2, 4, 5):
            os.makedirs(os.path.join(folder, library), exist_ok=True)
            try:
                data = writer.dumps(v, protocol=p)
            except Exception as e:
                print(library, k, e)
                continue
            with open(os.path.join(folder, f'{library}/{k}-p{p}.pkl'), 'wb') as f:
                f.write(data)
            written += 1

if have('nltk'):
    import nltk.classify, nltk.tag, nltk.tokenize.punkt  # noqa: E401
    put('nltk/bayes', nltk.classify.NaiveBayesClassifier.train([({'a': 1}, 'x'), ({'a': 2}, 'y')]))
    put('nltk/punkt', nltk.tokenize.punkt.PunktSentenceTokenizer())
    put('nltk/stemmer', __import__('nltk.stem').stem.PorterStemmer())
if have('networkx'):
    put('networkx/graph', __import__('networkx').path_graph(3))

print(written, 'files; not installed:', ', '.join(missing) or 'nothing')
