#!/usr/bin/env python3
"""Writes benign pickles as frameworks write them, put together opcode by opcode so that no framework is needed:
    benign.py FOLDER [COUNT] [SEED]
The files are FOLDER/FRAMEWORK/N.pkl. What each framework writes is read from its __reduce__ methods and from files that
it wrote (real_models.py makes such where the libraries are installed)."""
import io
import os
import random
import struct
import sys
import zipfile
import zlib

from assembly import Call, Name, New, NewEx, Persistent, Reconstruct, dumps

TORCH_TYPES = ['FloatStorage', 'HalfStorage', 'BFloat16Storage', 'LongStorage', 'IntStorage', 'DoubleStorage', 'BoolStorage', 'ByteStorage', 'CharStorage']
WORDS = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked', 'attn.qkv', 'mlp.fc1', 'embed', 'norm', 'head', 'lm_head', 'conv1',
         'layer.0', 'encoder', 'decoder', 'gamma', 'beta', 'query', 'key', 'value', 'relu', 'cat', 'id', 'system', 'eval', 'exec', 'os', 'open', 'load']


def word(r):
    return '.'.join(r.sample(WORDS, r.choice([1, 2, 3])))


def text(r):
    return r.choice([word(r), 'models/run-1/best.pt', 'https://example.org/model', '/home/user/data/train.csv', 'the cat; the dog | a $(price)', 'import os',
                     'relu', 'multiclass', 'utf-8', '[a-z]+', '<unk>', 'Ünïcode 中文', ''])


def plain(r, depth=2):
    return r.choice([lambda: None, lambda: r.random() < .5, lambda: r.randrange(-300, 70000), lambda: r.randrange(2**40), lambda: r.random(), lambda: text(r),
                     lambda: [plain(r, depth - 1) for _ in range(r.randrange(4))] if depth else 0,
                     lambda: {word(r): plain(r, depth - 1) for _ in range(r.randrange(4))} if depth else 1,
                     lambda: tuple(plain(r, depth - 1) for _ in range(r.randrange(4))) if depth else 2])()


def ordered(pairs=()):
    return Call(Name('collections', 'OrderedDict'), pairs=list(pairs))


# NumPy
def dtype(r, kind=None):
    kind = kind or r.choice(['f4', 'f8', 'i8', 'i4', 'u1', 'b1', 'c16'])
    return Call(Name('numpy', 'dtype'), kind, False, True, state=(3, '<', None, None, None, -1, -1, 0))


def core(r):
    return r.choice(['numpy.core', 'numpy._core'])


def array(r, n=None, objects=None):
    n = n or r.randrange(1, 9)
    if objects is not None:
        return Call(Name(core(r) + '.multiarray', '_reconstruct'), Name('numpy', 'ndarray'), (0,), b'b',
                    state=(1, (len(objects),), Call(Name('numpy', 'dtype'), 'O8', False, True, state=(3, '|', None, None, None, -1, -1, 63)), False, objects))
    return Call(Name(core(r) + '.multiarray', '_reconstruct'), Name('numpy', 'ndarray'), (0,), b'b', state=(1, (n,), dtype(r, 'f8'), False, r.randbytes(8 * n)))


def buffer_array(r):
    return Call(Name(core(r) + '.numeric', '_frombuffer'), r.randbytes(32), dtype(r, 'f8'), (4,), 'C')


def scalar(r):
    return Call(Name(core(r) + '.multiarray', 'scalar'), dtype(r, 'f8'), r.randbytes(8))


def random_state(r):
    how = r.randrange(4)
    ctor = Name('numpy.random._pickle', '__bit_generator_ctor')
    state = {'bit_generator': 'MT19937', 'state': {'key': array(r), 'pos': 624}, 'has_gauss': 0, 'gauss': 0.0}
    if how == 0:
        return Call(Name('numpy.random._pickle', '__randomstate_ctor'), 'MT19937', ctor, state=state)
    if how == 1:
        return Call(Name('numpy.random._pickle', '__generator_ctor'), 'PCG64', ctor, state=state)
    if how == 2:
        return Call(Name('numpy.random', '__RandomState_ctor'), state=('MT19937', array(r), 624, 0, 0.0))
    return Call(Name('numpy.random._pickle', '__generator_ctor'), Call(ctor, Name('numpy.random._pcg64', 'PCG64'), state=state))


def masked(r):
    return Call(Name('numpy.ma.core', '_mareconstruct'), Name('numpy.ma.core', 'MaskedArray'), Name('numpy', 'ndarray'), (0,), b'b',
                state=(1, (2,), dtype(r), False, r.randbytes(16), b'\0\1', None))


def numpy_(r):
    return r.choice([array, buffer_array, scalar, random_state, masked, dtype, lambda r: {word(r): array(r) for _ in range(4)}, lambda r: array(r, objects=[plain(r) for _ in range(4)]),
                     lambda r: [Name('numpy', n) for n in r.sample(['mean', 'log1p', 'float64', 'int64', 'maximum', 'bool_'], 3)],
                     lambda r: Call(Name(core(r), '_ufunc_reconstruct'), 'numpy', r.choice(['log', 'exp', 'add']))])(r)


# PyTorch
def storage(r, key):
    return Persistent(('storage', Name('torch', r.choice(TORCH_TYPES)), str(key), r.choice(['cpu', 'cuda:0']), r.randrange(1, 999)))


def tensor(r, key=None):
    key = r.randrange(999) if key is None else key
    shape, stride = r.choice([((4,), (1,)), ((2, 3), (3, 1)), ((), ()), ((2, 1, 3, 3), (9, 9, 3, 1))])
    how = r.randrange(12)
    if how == 0:
        return Call(Name('torch._utils', '_rebuild_tensor'), storage(r, key), 0, shape, stride)
    if how == 1:
        return Call(Name('torch._utils', '_rebuild_tensor_v2'), storage(r, key), 0, shape, stride, False, ordered(), {})
    if how == 2:
        return Call(Name('torch._utils', '_rebuild_tensor_v3'), storage(r, key), 0, shape, stride, False, ordered(), Name('torch', r.choice(['uint16', 'float8_e4m3fn'])))
    if how == 3:
        return Call(Name('torch._utils', '_rebuild_qtensor'), storage(r, key), 0, shape, stride, (Name('torch', 'per_tensor_affine'), 0.1, 0), False, ordered())
    if how == 4:
        return Call(Name('torch._utils', '_rebuild_sparse_tensor'), Call(Name('torch.serialization', '_get_layout'), 'torch.sparse_coo'),
                    (parameterless(r), parameterless(r), Call(Name('torch', 'Size'), (3, 3))))
    if how == 5:
        return Call(Name('torch._tensor', '_rebuild_from_type_v2'), Name('torch._utils', '_rebuild_tensor_v2'), Name(*r.choice([('torch', 'Tensor'), ('mine.types', 'NamedTensor'), ('fastai.torch_core', 'TensorImage')])),
                    (storage(r, key), 0, shape, stride, False, ordered()), {'tag': 'x'})
    return Call(Name('torch._utils', '_rebuild_tensor_v2'), storage(r, key), 0, shape, stride, r.random() < .5, ordered())


def parameterless(r):
    return Call(Name('torch._utils', '_rebuild_tensor_v2'), storage(r, 1), 0, (2, 3), (3, 1), False, ordered())


def parameter(r):
    if r.random() < .1:
        return Call(Name('torch._utils', '_rebuild_parameter_with_state'), parameterless(r), True, ordered(), {'quant_state': 1})
    return Call(Name('torch._utils', '_rebuild_parameter'), parameterless(r), True, ordered())


def state_dict(r):
    d = ordered([(word(r), tensor(r, i)) for i in range(r.randrange(1, 8))])
    d.state = {'_metadata': ordered([('', {'version': 1}), ('conv1', {'version': 1})])}
    return d


def optimiser_state(r):
    return {'state': {i: {'step': tensor(r), 'exp_avg': tensor(r), 'exp_avg_sq': tensor(r)} for i in range(3)},
            'param_groups': [{'lr': 0.001, 'betas': (0.9, 0.999), 'eps': 1e-8, 'amsgrad': False, 'foreach': None, 'params': [0, 1, 2]}]}


def module(r, depth=2):
    kind = r.choice([('linear', 'Linear'), ('conv', 'Conv2d'), ('container', 'Sequential'), ('batchnorm', 'BatchNorm2d'), ('activation', 'ReLU'), ('dropout', 'Dropout'), ('rnn', 'LSTM'),
                     ('sparse', 'Embedding'), ('normalization', 'LayerNorm'), ('transformer', 'TransformerEncoderLayer')])
    children = ordered([(str(i), module(r, depth - 1)) for i in range(r.randrange(3))]) if depth else ordered()
    state = {'training': False, '_parameters': ordered([('weight', parameter(r)), ('bias', None)]), '_buffers': ordered(), '_non_persistent_buffers_set': Call(Name('builtins', 'set'), []),
             '_backward_hooks': ordered(), '_modules': children, 'in_features': 4, 'out_features': 4}
    name = Name(f'torch.nn.modules.{kind[0]}', kind[1]) if r.random() < .8 else Name(*r.choice([('mine.models', 'Net'), ('torchvision.models.resnet', 'ResNet'), ('timm.models.vision_transformer', 'Block'), ('__main__', 'Net')]))
    if r.random() < .2:
        state['activation'] = r.choice([Name('torch.nn.functional', 'relu'), Name('torch._C._nn', 'gelu'), Call(Name('functools', 'partial'), Name('torch.nn.functional', 'gelu'), state=(Name('torch.nn.functional', 'gelu'), (), {'approximate': 'tanh'}, None))])
    return New(name, state=state)


def torch_(r):
    return r.choice([state_dict, optimiser_state, module, tensor, parameter, lambda r: {'epoch': 3, 'model': state_dict(r), 'optimizer': optimiser_state(r), 'loss': scalar(r), 'args': namespace(r), 'rng': random_state(r), 'config': plain(r)},
                     lambda r: New(Name('torch.optim.adamw', 'AdamW'), state=optimiser_state(r)),
                     lambda r: {'dtype': Name('torch', 'float16'), 'device': Call(Name('torch', 'device'), 'cuda', 0), 'size': Call(Name('torch', 'Size'), (1, 2))}])(r)


def lightning(r):
    callback = "ModelCheckpoint{'monitor': 'val_loss', 'mode': 'min'}"
    hyper = New(Name(*r.choice([('pytorch_lightning.utilities.parsing', 'AttributeDict'), ('lightning.pytorch.utilities.parsing', 'AttributeDict'), ('lightning_fabric.utilities.data', 'AttributeDict')])), pairs={'lr': .1, 'hidden': 4})
    return {'epoch': 1, 'global_step': 10, 'pytorch-lightning_version': '2.1.0', 'state_dict': state_dict(r), 'loops': {'fit_loop': {'state_dict': {}, 'epoch_progress': {'total': {'ready': 1}}}},
            'callbacks': {r.choice([callback, Name('pytorch_lightning.callbacks.model_checkpoint', 'ModelCheckpoint')]): {'best_model_score': tensor(r), 'best_model_path': '/home/u/last.ckpt'}},
            'optimizer_states': [optimiser_state(r)], 'lr_schedulers': [plain(r)], 'hparams_name': 'kwargs', 'hyper_parameters': r.choice([hyper, plain(r)])}


def torch_pickled(r):
    """Tensors by pickle.dump, not torch.save: the storage is a legacy file in bytes."""
    magic = dumps(0x1950a86a20f9469cfc6c, 2)
    inner = magic + dumps(1001, 2) + dumps({'protocol_version': 1001, 'little_endian': True, 'type_sizes': {'short': 2, 'int': 4, 'long': 4}}, 2) + \
        dumps(Persistent(('storage', Name('torch', 'FloatStorage'), '94', 'cpu', 4, None)), 2) + dumps(['94'], 2) + struct.pack('<Q', 4) + r.randbytes(16)
    def one():
        return Call(Name('torch._utils', '_rebuild_tensor_v2'), Call(Name('torch.storage', '_load_from_bytes'), inner), 0, (2, 2), (2, 1), False, ordered())
    return ordered([(word(r), one()) for _ in range(r.choice([1, 3, 70]))])


# scikit-learn
ESTIMATORS = [('sklearn.linear_model._logistic', 'LogisticRegression'), ('sklearn.linear_model._base', 'LinearRegression'), ('sklearn.svm._classes', 'SVC'), ('sklearn.preprocessing._data', 'StandardScaler'),
              ('sklearn.cluster._kmeans', 'KMeans'), ('sklearn.decomposition._pca', 'PCA'), ('sklearn.naive_bayes', 'GaussianNB'), ('sklearn.neural_network._multilayer_perceptron', 'MLPClassifier'),
              ('sklearn.impute._base', 'SimpleImputer'), ('sklearn.preprocessing._encoders', 'OneHotEncoder'), ('sklearn.linear_model.logistic', 'LogisticRegression')]


def cython(r, cls, protocol_free_args=()):
    return Call(Name(cls.module, f'__pyx_unpickle_{cls.name}'), cls, 0xb068931, protocol_free_args)


def tree(r):
    return Call(Name('sklearn.tree._tree', 'Tree'), 4, array(r), 1, state={'max_depth': 2, 'node_count': 3, 'nodes': array(r), 'values': array(r)})


def estimator(r, depth=1):
    how = r.randrange(9)
    if how == 0:
        return New(Name('sklearn.tree._classes', 'DecisionTreeClassifier'), state={'tree_': tree(r), 'classes_': array(r), 'max_features_': 4, 'n_classes_': scalar(r), '_sklearn_version': '1.4.0'})
    if how == 1 and depth:
        return New(Name('sklearn.pipeline', 'Pipeline'), state={'steps': [('a', estimator(r, 0)), ('b', estimator(r, 0))], 'memory': None, '_sklearn_version': '1.4.0'})
    if how == 2 and depth:
        return New(Name('sklearn.ensemble._forest', 'RandomForestClassifier'), state={'estimators_': [estimator(r, 0) for _ in range(4)], 'base_estimator': estimator(r, 0), 'estimator_params': ('criterion',), 'classes_': array(r)})
    if how == 3:
        loss = r.choice(['CyHalfBinomialLoss', 'CyHalfSquaredError', 'CyAbsoluteError'])
        return New(Name('sklearn.ensemble._hist_gradient_boosting.gradient_boosting', 'HistGradientBoostingClassifier'),
                   state={'_loss': New(Name('sklearn._loss.loss', 'HalfBinomialLoss'), state={'closs': cython(r, Name('sklearn._loss._loss', loss)), 'link': New(Name('sklearn._loss.link', 'LogitLink'))})})
    if how == 4:
        return New(Name('sklearn.linear_model._stochastic_gradient', 'SGDClassifier'), state={'loss_function_': Call(Name('sklearn.linear_model._sgd_fast', 'Hinge'), 1.0), 'coef_': array(r)})
    if how == 5:
        tree_ = Call(Name('sklearn.neighbors._kd_tree', 'newObj'), Name('sklearn.neighbors._kd_tree', 'KDTree'), state=(array(r), array(r), 3, Call(Name('sklearn.metrics._dist_metrics', 'newObj'), Name('sklearn.metrics._dist_metrics', 'EuclideanDistance'), state=(2.0, array(r)))))
        return New(Name('sklearn.neighbors._classification', 'KNeighborsClassifier'), state={'_tree': tree_, 'n_neighbors': 5})
    if how == 6:
        return New(Name('sklearn.preprocessing._function_transformer', 'FunctionTransformer'), state={'func': Name('numpy', r.choice(['log1p', 'sqrt', 'exp'])), 'kw_args': None})
    if how == 7:
        return New(Name('sklearn.model_selection._search', 'GridSearchCV'), state={'estimator': estimator(r, 0), 'param_grid': {'C': [1, 10]}, 'scorer_': New(Name('sklearn.metrics._scorer', '_PredictScorer'), state={'_score_func': Name('sklearn.metrics._classification', 'f1_score'), '_sign': 1, '_kwargs': {}})})
    return New(Name(*r.choice(ESTIMATORS)), state={'coef_': array(r), 'intercept_': scalar(r), 'classes_': array(r, objects=['a', 'b']), 'random_state': r.choice([None, 7]), 'kernel': 'rbf', '_sklearn_version': '1.3.2'})


def sklearn(r):
    return r.choice([estimator, estimator, lambda r: {'model': estimator(r), 'columns': ['a', 'b'], 'date': date(r)}])(r)


def boosting(r):
    handle = New(Name('xgboost.core', 'Booster'), state={'handle': Call(Name('builtins', 'bytearray'), b'{L\0\0binf' + r.randbytes(64)), 'feature_names': ['a', 'b'], 'feature_types': None})
    return r.choice([
        lambda: New(Name('xgboost.sklearn', r.choice(['XGBClassifier', 'XGBRegressor', 'XGBRanker'])), state={'n_estimators': 3, 'objective': 'binary:logistic', '_Booster': handle, 'missing': float('nan'), 'kwargs': {}}),
        lambda: handle,
        lambda: New(Name('lightgbm.sklearn', r.choice(['LGBMClassifier', 'LGBMRegressor'])), state={'_Booster': New(Name('lightgbm.basic', 'Booster'), state={'handle': 'tree\nversion=v3\nnum_class=1\n', 'best_iteration': -1, 'params': plain(r)}),
                                                                                                     '_le': New(Name('sklearn.preprocessing._label', 'LabelEncoder'), state={'classes_': array(r)}), '_best_score': Call(Name('collections', 'defaultdict'), Name('collections', 'OrderedDict'))}),
        lambda: New(Name('catboost.core', r.choice(['CatBoostClassifier', 'CatBoostRegressor'])), state={'_init_params': plain(r), '_random_seed': 1, '__model': b'CBM1' + r.randbytes(40), '_pool': None})])()


def date(r):
    return r.choice([lambda: Call(Name('datetime', 'datetime'), b'\x07\xe8\x01\x02\x03\x04\x05\0\0\0', Call(Name('datetime', 'timezone'), Call(Name('datetime', 'timedelta'), 0, 0, 0))),
                     lambda: Call(Name('datetime', 'date'), b'\x07\xe8\x01\x02'), lambda: Call(Name('datetime', 'timedelta'), 1, 0, 0), lambda: Call(Name('decimal', 'Decimal'), '1.5'),
                     lambda: New(Name('uuid', 'UUID'), state={'int': 2**90}), lambda: Call(Name('fractions', 'Fraction'), 1, 3),
                     lambda: Call(Name('pathlib', 'PosixPath'), '/', 'home', 'u', 'model.pt')])()


def namespace(r):
    return New(Name('argparse', 'Namespace'), state={'lr': .1, 'out': '/tmp/run', 'gpu': None, 'when': date(r)})


def pandas(r):
    index = Call(Name('pandas.core.indexes.base', '_new_Index'), Name('pandas.core.indexes.base', 'Index'), {'data': array(r, objects=['a', 'b']), 'name': None})
    span = Call(Name('pandas.core.indexes.base', '_new_Index'), Name('pandas.core.indexes.range', 'RangeIndex'), {'name': None, 'start': 0, 'stop': 2, 'step': 1})
    block = Call(Name('pandas._libs.internals', '_unpickle_block'), array(r), Call(Name('builtins', 'slice'), 0, 1, 1), 2)
    manager = Call(Name('pandas.core.internals.managers', 'BlockManager'), (block, block), [index, span])
    stamp = Call(Name('pandas._libs.tslibs.timestamps', '_unpickle_timestamp'), 1704067200000000000, None, r.choice([None, Call(Name('pytz', '_UTC')), Call(Name('pytz', '_p'), 'Europe/Berlin', 3180, 0, 'LMT')]), 10)
    times = Call(Name('pandas._libs.arrays', '__pyx_unpickle_NDArrayBacked'), Name('pandas.core.arrays.datetimes', 'DatetimeArray'), 223698104, None, state=(dtype(r), array(r), {'_freq': None}))
    return r.choice([lambda: New(Name('pandas.core.frame', 'DataFrame'), state={'_mgr': manager, '_typ': 'dataframe', '_metadata': [], 'attrs': {}, '_flags': {'allows_duplicate_labels': True}}),
                     lambda: index, lambda: stamp, lambda: Call(Name('pandas.core.indexes.datetimes', '_new_DatetimeIndex'), Name('pandas.core.indexes.datetimes', 'DatetimeIndex'), {'data': times, 'name': None}),
                     lambda: Call(Name('pandas._libs.tslibs.offsets', 'MonthEnd'), 1, False), lambda: Call(Name('pandas._libs.tslibs.nattype', '_nat_unpickle'), None),
                     lambda: New(Name('pandas.core.series', 'Series'), state={'_mgr': Call(Name('pandas.core.internals.managers', 'SingleBlockManager'), state=(None, [span])), '_name': 'x'})])()


def scipy_(r):
    kind = r.choice(['csr', 'csc', 'coo', 'lil', 'dia', 'bsr'])
    return r.choice([lambda: New(Name(f'scipy.sparse._{kind}', f'{kind}_matrix'), state={'_shape': (4, 4), 'maxprint': 50, 'indices': array(r), 'indptr': array(r), 'data': array(r), '_has_sorted_indices': True}),
                     lambda: New(Name('scipy.stats._distn_infrastructure', 'rv_continuous_frozen'), state={'args': (0, 1), 'kwds': {}, 'dist': New(Name('scipy.stats._continuous_distns', 'norm_gen'), state={'name': 'norm', '_ppfvec': New(Name('numpy', 'vectorize'), state={'otypes': None})})}),
                     lambda: New(Name('statsmodels.regression.linear_model', 'RegressionResultsWrapper'), state={'_results': New(Name('statsmodels.regression.linear_model', 'OLSResults'), state={'params': array(r), 'normalized_cov_params': array(r)})}),
                     lambda: New(Name('gensim.models.word2vec', 'Word2Vec'), state={'wv': New(Name('gensim.models.keyedvectors', 'KeyedVectors'), state={'vectors': array(r), 'key_to_index': {'a': 0}}), 'load': Name('gensim.utils', 'call_on_class_only'), 'random': random_state(r)}),
                     lambda: New(Name('gensim.corpora.dictionary', 'Dictionary'), state={'token2id': {'a': 0}, 'dfs': {0: 3}})])()


def language(r):
    return r.choice([lambda: Call(Name('spacy.vocab', 'unpickle_vocab'), New(Name('spacy.strings', 'StringStore')), New(Name('spacy.morphology', 'Morphology')), Call(Name('builtins', 'dict')), {}, None, None),
                     lambda: Call(Name('spacy.tokens.doc', 'unpickle_doc'), New(Name('spacy.vocab', 'Vocab')), b'\x80', []),
                     lambda: New(Name('transformers.training_args', 'TrainingArguments'), state={'output_dir': 'out', 'lr_scheduler_type': Call(Name('transformers.trainer_utils', 'SchedulerType'), 'linear'), 'evaluation_strategy': Call(Name('transformers.trainer_utils', 'IntervalStrategy'), 'no'),
                                                                                                 'optim': Call(Name('transformers.training_args', 'OptimizerNames'), 'adamw_torch'), 'device': Call(Name('torch', 'device'), 'cuda', 0), '_n_gpu': 1}),
                     lambda: Call(Name('tokenizers', 'Tokenizer'), Call(Name('tokenizers.models', 'Model')), state=b'{"version":"1.0"}'),
                     lambda: New(Name('transformers.tokenization_utils_base', 'BatchEncoding'), state={'data': {'input_ids': [1, 2]}, 'encodings': None}),
                     lambda: New(Name('nltk.tokenize.punkt', 'PunktSentenceTokenizer'), state={'_params': New(Name('nltk.tokenize.punkt', 'PunktParameters'), state={'abbrev_types': Call(Name('builtins', 'set'), ['dr', 'vs'])})})])()


def python(r):
    partial = Call(Name('functools', 'partial'), Name('builtins', 'int'), state=(Name('builtins', 'int'), (), {'base': 2}, None))
    return r.choice([
        lambda: {'a': Call(Name('collections', 'Counter'), {'a': 2}), 'b': Call(Name('collections', 'defaultdict'), Name('builtins', r.choice(['list', 'int', 'dict', 'set'])), pairs={'x': [1]}), 'c': Call(Name('collections', 'deque'), [1, 2], 5)},
        lambda: partial, lambda: [date(r) for _ in range(3)], lambda: plain(r, 4), lambda: Call(Name('builtins', 'getattr'), Name('http', 'HTTPStatus'), 'OK'), lambda: Call(Name('http', 'HTTPStatus'), 200),
        lambda: Call(Name('re', '_compile'), '[a-z]+', 34), lambda: Call(Name('types', 'GenericAlias'), Name('builtins', 'list'), (Name('builtins', 'int'),)), lambda: Call(Name('operator', 'getitem'), Name('typing', 'Optional'), Name('builtins', 'int')),
        lambda: Call(Name('functools', 'reduce'), Name('operator', 'or_'), (Name('builtins', 'int'), Name('builtins', 'str'))), lambda: Call(Name('logging', 'getLogger'), 'train'), lambda: Call(Name('builtins', 'type'), None),
        lambda: Call(Name('mine.config', 'Mode'), r.choice([1, 'train'])), lambda: New(Name('mine.data', 'Vocabulary'), state={'itos': ['a', 'cat', 'id'], 'fn': Name('mine.data', 'tokenize')}), lambda: Call(Name('mine.data', '_rebuild'), 3, 'relu', [1.5]),
        lambda: Reconstruct(Name('mine.data', 'Old'), state={'x': 1}), lambda: NewEx(Name('mine.data', 'Point'), keywords={'x': 1, 'y': 2}), lambda: Call(Name('builtins', 'frozenset'), [1, 2]), lambda: Call(Name('builtins', 'complex'), 1.5, 2.5),
        lambda: [Call(Name('random', 'Random'), state=(3, (1, 2, 3), None)), Call(Name('builtins', 'range'), 0, 9, 1), Call(Name('builtins', 'slice'), 0, None, 2), Call(Name('array', '_array_reconstructor'), Name('array', 'array'), 'd', 16, r.randbytes(16))],
        lambda: Call(Name('operator', 'itemgetter'), 1), lambda: Call(Name('builtins', 'ValueError'), 'bad value'), lambda: [Name('math', 'sqrt'), Name('statistics', 'mean'), Name('operator', 'mul')]])()


FRAMEWORKS = {'numpy': numpy_, 'torch': torch_, 'lightning': lightning, 'torch_pickled': torch_pickled, 'sklearn': sklearn, 'boosting': boosting, 'pandas': pandas, 'scipy_gensim_statsmodels': scipy_, 'language': language, 'python': python}


def torch_file(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z:
        z.writestr(zipfile.ZipInfo('archive/data.pkl'), data)
        z.writestr(zipfile.ZipInfo('archive/version'), b'3\n')
    return out.getvalue()


def pickles(count, seed):
    r = random.Random(seed)
    names = list(FRAMEWORKS)
    for n in range(count):
        name = names[n % len(names)]
        protocol = r.choice([2, 2, 3, 4, 4, 5]) if name != 'python' else r.randrange(6)
        data = dumps(FRAMEWORKS[name](r), protocol)
        end = '.pkl'
        if name in ('torch', 'lightning') and r.random() < .5:
            data, end = torch_file(data), '.pt'
        elif name in ('sklearn', 'numpy') and r.random() < .3:
            data, end = zlib.compress(data), '.joblib'
        yield name, f'{n}{end}', data


def main():
    folder = sys.argv[1]
    count, seed = int((sys.argv[2:] or ['3000'])[0]), int((sys.argv[3:] or ['1'])[0])
    for name, file, data in pickles(count, seed):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        with open(os.path.join(folder, name, file), 'wb') as f:
            f.write(data)
    print(count, 'pickles of', len(FRAMEWORKS), 'frameworks')


if __name__ == '__main__':
    main()
