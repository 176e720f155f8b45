from setuptools import setup

setup(
    name="x",
    install_requires=["numpy==1.16.0", 'Torch_Vision>=0.10 ; python_version > "3.8"'],
    extras_require={"dev": ["mlflow==2.3.0"]},
)
