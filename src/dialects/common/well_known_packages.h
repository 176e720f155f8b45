#pragma once
// Packages of the ML world that are worth imitating, and real ones that are near one of them. Names
// as PEP 503 normalises them, between blanks. The second list was drawn up by comparing the first
// with the 15,000 most downloaded packages of PyPI.
#include <string_view>

namespace parapet::dialects {

inline constexpr std::string_view well_known_packages =
    R"(absl-py accelerate ai21 aim aiobotocore aiohttp aioredis airbyte airflow albumentations alembic
altair anndata annoy anthropic anyio apache-airflow apache-beam apache-flink apscheduler argilla
arize arize-phoenix arviz asyncpg attrs audiocraft auto-gptq autoawq autogen autogen-agentchat
autogluon autokeras awscli awswrangler axolotl azure-ai-ml azure-core azure-identity
azure-storage-blob azureml-core azureml-sdk backoff basicsr bayesian-optimization beautifulsoup4
bentoml bert-score bertopic betterproto bitsandbytes bokeh boto3 botocore braintrust brevitas
browser-use captum catalyst catboost causalml celery cerebras-cloud-sdk chainer chainlit
chromadb cleanlab clearml click clickhouse-connect clickhouse-driver clip-interrogator
cloudpickle cmaes cohere colorama comet-ml composer composio-core compressed-tensors
confluent-kafka control controlnet-aux coqpit coremltools couchbase crewai crewai-tools
cryptography ctransformers ctranslate2 cuda-python cudf-cu12 cuml-cu12 cupy cupy-cuda12x cvxpy
cython dagster dagster-webserver dash dask dask-ml databricks-cli databricks-connect
databricks-sdk datachain datasets datasketch ddtrace deap decord deepchecks deepeval deepface
deepgram-sdk deepspeed delta-spark deltalake detectron2 determined diffusers dill distributed
dlib dm-haiku dm-sonnet docarray docker docling dspy dspy-ai duckdb dvc dvc-s3 dvclive easyocr
einops elasticsearch elevenlabs encodec ensemble-boxes espnet evaluate evidently exllamav2
explainerdashboard fairlearn fairscale fairseq faiss-cpu faiss-gpu fastai fastapi fastavro
fastembed fastmcp fastparquet fasttext feast featuretools filelock fire fireworks-ai flair
flake8 flash-attn flask flax flwr flyte flytekit folium fsspec ftfy fugue gcsfs gensim geopandas
giskard gluonnlp gluonts google-cloud-aiplatform google-cloud-bigquery google-cloud-storage
google-genai google-generativeai gpustat gpytorch gradio gradio-client graphframes
great-expectations groq grpcio grpcio-tools guardrails-ai guidance gunicorn gym gymnasium h2o
h5py haystack-ai hdbscan hdfs helicone hf-transfer hnswlib holoviews hopsworks horovod httpx
huggingface-hub humanloop hummingbird-ml hydra-core hyperopt igraph imageio imbalanced-learn
imgaug implicit inference instructor intel-extension-for-pytorch interpret ipykernel ipython
ipywidgets jax jaxlib jaxtyping jina jinja2 jiwer joblib jsonpickle jsonschema jupyter
jupyter-client jupyter-server jupyterhub jupyterlab jupytext kafka-python kaggle kagglehub
kaldiio kedro kedro-viz keras keras-core keras-nlp keras-tuner kfp kfserving kornia kserve
kubeflow-training kubernetes label-studio label-studio-sdk labelbox labelme lancedb langchain
langchain-anthropic langchain-community langchain-core langchain-experimental
langchain-huggingface langchain-openai langflow langfuse langgraph langserve langsmith letta
librosa lightfm lightgbm lightning lightning-fabric lime litellm litgpt litserve
llama-cpp-python llama-index llama-index-core llama-parse llama-stack llamafactory llm-guard
llvmlite lm-eval lmdeploy locust loguru lpips ludwig lxml mace-torch magenta marimo marshmallow
matplotlib mcp mcp-server-fetch mcp-server-git mediapipe mem0ai memgpt memray metaflow
milvus-lite missingno mistralai ml-collections ml-dtypes mleap mlflow mlflow-skinny mlserver
mlserver-mlflow mlx mlx-lm mmcv mmdet mmengine modal modelscope monai mosaicml multidict
multiprocess mxnet mysqlclient nbconvert nbformat nemo-toolkit neo4j neptune neptune-client
networkx neural-compressor nibabel nlpaug nltk nni nomic notebook numba numexpr numpy
nvidia-cublas-cu12 nvidia-cudnn-cu12 nvidia-ml-py nvidia-nccl-cu12 nvidia-pyindex oauthlib
ollama omegaconf onnx onnxconverter-common onnxmltools onnxruntime onnxruntime-gpu onnxscript
open-clip-torch openai openai-agents openai-whisper opencv-contrib-python opencv-python
opencv-python-headless openinference-instrumentation openllm openpyxl opensearch-py
opentelemetry-api openvino openvino-dev opik optax optimum optuna orbax-checkpoint orjson
ortools outlines paddleocr paddlepaddle pandas pandas-profiling pandera papermill patsy peft
petastorm pettingzoo pgvector phoenix pika pillow pinecone pinecone-client plotly plotnine
pmdarima poetry polars polyaxon portalocker portkey-ai predibase prefect presidio-analyzer
prodigy prometheus-client promptflow promptlayer prophet protobuf psutil psycopg2
psycopg2-binary pyannote-audio pyarrow pyautogen pycaret pycocotools pydantic pydantic-ai
pydantic-settings pydicom pyglet pygments pyjwt pymc pymilvus pymongo pymupdf pymysql pynvml
pyod pypdf pyperclip pyright pyro-ppl pyserial pyspark pytesseract pytest python-dateutil
python-dotenv python-multipart pytorch-forecasting pytorch-ignite pytorch-lightning
pytorch-metric-learning pytorch-tabnet pyvista pywavelets pyyaml pyzmq qdrant-client ragas
rapidfuzz ray redis redisvl regex replicate requests rich river roboflow rouge-score rpy2
ruamel-yaml ruff runpod s3fs s3transfer sacrebleu sacremoses safetensors sagemaker
sagemaker-training sahi scanpy schedule scikit-image scikit-learn scikit-optimize
scikit-survival scipy scrapy seaborn segment-anything seldon-core selenium semantic-kernel
sentence-transformers sentencepiece sentry-sdk seqeval setfit sglang shap shapely
simpletransformers simpy skl2onnx sklearn-crfsuite sktime skypilot slack-sdk smart-open
smolagents snorkel snowflake-connector-python snowflake-snowpark-python sounddevice soundfile
soupsieve spacy spacy-transformers speechbrain sqlalchemy sqlmodel stable-baselines3 starlette
statsforecast statsmodels streamlit supabase superannotate supervision surprise sympy tabpfn
tabulate tavily-python tecton tenacity tensorboard tensorboard-plugin-wit tensorboardx
tensorflow tensorflow-addons tensorflow-cpu tensorflow-data-validation tensorflow-datasets
tensorflow-estimator tensorflow-gpu tensorflow-hub tensorflow-io tensorflow-lattice
tensorflow-metadata tensorflow-model-optimization tensorflow-privacy tensorflow-probability
tensorflow-recommenders tensorflow-serving-api tensorflow-text tensorflow-transform tensorrt
tensorrt-llm textattack textblob tfx thinc threadpoolctl tiktoken timm together tokenizers toolz
torch torch-geometric torchaudio torchdata torchmetrics torchrec torchserve torchsummary
torchtext torchtune torchvision tornado tqdm transformers triton tritonclient trl truera trulens
tslearn typer ultralytics umap-learn unsloth unstructured urllib3 uvicorn vaex vertexai vllm
voyageai wandb watchdog weasel weaviate-client webdataset werkzeug whisperx whylogs wikipedia
word2vec xarray xformers xgboost xlsxwriter ydata-profiling yellowbrick yfinance yolov5 zarr
zenml zep-python zstandard)";

inline constexpr std::string_view real_packages_near_them =
    R"(authlib beautifulsoup betterproto2 black bpython cattrs click-log crick cupy-cuda11x
cupy-cuda13x dataset datazets decord2 distribute dydantic efinance elasticsearch5 elasticsearch6
elasticsearch7 elasticsearch8 elasticsearch9 fastar grequests gsutil httpr hyper ipytest jaxlie
jiter keras-cv mlx-vlm mocker myjwt ngboost nltk3 numpydoc nvidia-cublas-cu11 nvidia-cudnn-cu11
nvidia-cudnn-cu13 nvidia-ml-py3 nvidia-nccl-cu11 nvidia-nccl-cu13 openapi panda pandas-ta parsy
pathy pbspark pillow-simd psycopg psycopg-binary psycopg3 py3nvml pyaml pycares pymantic pymssql
pymupdfb pypdf2 pypdf3 pypdf4 pyshark python pytorch pyvisa rays record redis-py request
retworkx richer scapy schedula scheduler scipp spacy-legacy spython tools torch-summary torchx
tox unicorn vastai vedro vyper whisper willow wimpy xoto3)";

}  // namespace parapet::dialects
