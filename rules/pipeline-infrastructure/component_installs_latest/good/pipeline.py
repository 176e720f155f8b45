from kfp import dsl


@dsl.component(base_image="python:3.11", packages_to_install=["pandas==2.2.3", "scikit-learn==1.5.0"])
def train(n: int):
    pass
