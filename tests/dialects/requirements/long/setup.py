from setuptools import setup

COMMON = ["numpy==1.16.0"]

setup(
    install_requires=COMMON + [
        "aiohttp>=1.0.0",  # the [0] of them
        "boto3>=1.0.1",  # the [1] of them
        "click>=1.0.2",  # the [2] of them
        "dask>=1.0.3",  # the [3] of them
        "einops>=1.0.4",  # the [4] of them
        "fastapi>=1.0.5",  # the [5] of them
        "gensim>=1.0.6",  # the [6] of them
        "h5py>=1.0.7",  # the [7] of them
        "joblib>=1.0.8",  # the [8] of them
        "keras>=1.0.9",  # the [9] of them
        "lightgbm>=1.0.10",  # the [10] of them
        "matplotlib>=1.0.11",  # the [11] of them
        "networkx>=1.0.12",  # the [12] of them
        "onnx>=1.0.13",  # the [13] of them
        "pandas>=1.0.14",  # the [14] of them
        "requests>=1.0.15",  # the [15] of them
        "scipy>=1.0.16",  # the [16] of them
        "tqdm>=1.0.17",  # the [17] of them
        "uvicorn>=1.0.18",  # the [18] of them
        "xgboost>=1.0.19",  # the [19] of them
        "mlflow==2.3.0",
    ],
)
