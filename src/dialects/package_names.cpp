// Dependencies whose name is nearly that of a well-known package of the ML world: a typing error
// away, two letters swapped, or another separator. Adds `near` to the `dependency` fact.
#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "base/version.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

constexpr std::string_view known[] = {"accelerate",
                                      "aiohttp",
                                      "airflow",
                                      "albumentations",
                                      "anthropic",
                                      "apache-airflow",
                                      "bentoml",
                                      "bitsandbytes",
                                      "boto3",
                                      "catboost",
                                      "chromadb",
                                      "click",
                                      "cloudpickle",
                                      "comet-ml",
                                      "cryptography",
                                      "dagster",
                                      "dask",
                                      "datasets",
                                      "deepspeed",
                                      "diffusers",
                                      "dvc",
                                      "evaluate",
                                      "faiss-cpu",
                                      "fastapi",
                                      "feast",
                                      "flask",
                                      "flash-attn",
                                      "gensim",
                                      "gradio",
                                      "huggingface-hub",
                                      "hydra-core",
                                      "ipykernel",
                                      "ipython",
                                      "jax",
                                      "jaxlib",
                                      "joblib",
                                      "jupyter",
                                      "jupyterlab",
                                      "kedro",
                                      "keras",
                                      "kfp",
                                      "kserve",
                                      "kubernetes",
                                      "langchain",
                                      "langgraph",
                                      "lightgbm",
                                      "lightning",
                                      "litellm",
                                      "llama-index",
                                      "matplotlib",
                                      "metaflow",
                                      "mlflow",
                                      "neptune",
                                      "networkx",
                                      "nltk",
                                      "notebook",
                                      "numba",
                                      "numpy",
                                      "onnx",
                                      "onnxruntime",
                                      "openai",
                                      "opencv-python",
                                      "optuna",
                                      "pandas",
                                      "peft",
                                      "pillow",
                                      "pinecone",
                                      "plotly",
                                      "polars",
                                      "prefect",
                                      "prometheus-client",
                                      "protobuf",
                                      "psycopg2",
                                      "pyarrow",
                                      "pydantic",
                                      "pymongo",
                                      "pyspark",
                                      "pytest",
                                      "python-dotenv",
                                      "pytorch-lightning",
                                      "pyyaml",
                                      "qdrant-client",
                                      "ray",
                                      "redis",
                                      "requests",
                                      "rich",
                                      "safetensors",
                                      "sagemaker",
                                      "scikit-image",
                                      "scikit-learn",
                                      "scipy",
                                      "seaborn",
                                      "sentence-transformers",
                                      "sentencepiece",
                                      "shap",
                                      "spacy",
                                      "sqlalchemy",
                                      "streamlit",
                                      "sympy",
                                      "tensorboard",
                                      "tensorflow",
                                      "tiktoken",
                                      "timm",
                                      "tokenizers",
                                      "torch",
                                      "torchaudio",
                                      "torchmetrics",
                                      "torchvision",
                                      "tqdm",
                                      "transformers",
                                      "tritonclient",
                                      "trl",
                                      "typer",
                                      "ultralytics",
                                      "urllib3",
                                      "uvicorn",
                                      "vllm",
                                      "wandb",
                                      "weaviate-client",
                                      "xformers",
                                      "xgboost",
                                      "zenml"};
// Real projects that are near one of the above and have been there for long.
constexpr std::string_view real[] = {"python",
                                     "tensorflow-cpu",
                                     "tensorflow-gpu",
                                     "torch-geometric",
                                     "onnxruntime-gpu",
                                     "request",
                                     "pytest",
                                     "nltk3",
                                     "mlflow-skinny",
                                     "dash",
                                     "rays",
                                     "rich",
                                     "richer",
                                     "pandas-ta",
                                     "keras-cv",
                                     "flax",
                                     "trl",
                                     "tox",
                                     "jaxtyping",
                                     "spacy-legacy",
                                     "panda",
                                     "redis-py",
                                     "numpydoc",
                                     "scapy",
                                     "black",
                                     "click-log",
                                     "psycopg",
                                     "psycopg3",
                                     "pillow-simd"};

// Is `b` one insertion, deletion, substitution or swap of neighbours away from `a`?
bool one_step_away(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1 || a == b) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
  if (a.substr(i + 1) == b.substr(i + 1)) return true;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
         a.substr(i + 2) == b.substr(i + 2);
}

std::string_view near(std::string_view name) {
  std::string mine = normalised_package(name);
  if (mine.size() < 5) return {};  // short names are near each other by nature
  for (std::string_view k : known)
    if (mine == k) return {};
  for (std::string_view r : real)
    if (mine == r) return {};
  std::string bare;
  std::copy_if(mine.begin(), mine.end(), std::back_inserter(bare), [](char c) { return c != '-'; });
  for (std::string_view k : known) {
    if (k.size() >= 5 && one_step_away(mine, k)) return k;
    std::string bare_known;
    std::copy_if(k.begin(), k.end(), std::back_inserter(bare_known),
                 [](char c) { return c != '-'; });
    if (bare == bare_known && k.find('-') != std::string_view::npos) return k;
  }
  return {};
}

void understand(const Artifact&, Sink& sink) {
  for (Fact& f : sink.facts()) {
    if (f.kind != "dependency" || f.get("manager") == "npm" || !sink.next()) continue;
    std::string_view like = near(f.get("name"));
    if (!like.empty()) f.set("near", like);
  }
}

}  // namespace

extern const Dialect package_names;
const Dialect package_names{"package_names",
                            "dependencies that are nearly named like a known package", nullptr,
                            understand};

}  // namespace parapet::dialects
