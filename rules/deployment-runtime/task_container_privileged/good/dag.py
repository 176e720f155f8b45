from airflow.providers.docker.operators.docker import DockerOperator

train = DockerOperator(task_id="train", image="org/train:1.2", command="python train.py", privileged=False)
