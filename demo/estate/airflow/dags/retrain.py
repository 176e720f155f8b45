import pendulum
from airflow.decorators import dag
from airflow.operators.bash import BashOperator
from airflow.providers.docker.operators.docker import DockerOperator


@dag(schedule="@hourly", start_date=pendulum.datetime(2026, 1, 1))
def retrain():
    fetch = BashOperator(task_id="fetch", bash_command="aws s3 cp {{ dag_run.conf['source'] }} /tmp/in.csv")
    train = DockerOperator(
        task_id="train", image="larkspur/ledgerlens:latest", command="python train.py", privileged=True,
        mounts=["/var/run/docker.sock:/var/run/docker.sock"],
        environment={"AWS_SECRET_ACCESS_KEY": "v7Qm2sLr0XeT9yBcD4uKpZ1nWjF6hGaR8oViYtN3"},
    )
    promote = BashOperator(task_id="promote", bash_command="python promote.py --stage Production")
    fetch >> train >> promote


retrain()
