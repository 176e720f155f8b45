import pendulum
from airflow.decorators import dag
from airflow.operators.bash import BashOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

IMAGE = "registry.ml.larkspur.internal/ledgerlens@sha256:fe14010b4fe83303852f0467c919ef9a7ca089b91e96e3aad7d426dd87079297"


@dag(schedule="@weekly", start_date=pendulum.datetime(2026, 1, 1))
def retrain():
    check = BashOperator(task_id="check", bash_command="sha256sum --check --strict /data/SHA256SUMS")
    train = KubernetesPodOperator(task_id="train", image=IMAGE, cmds=["python", "-m", "training.train"])
    gate = KubernetesPodOperator(task_id="gate", image=IMAGE, cmds=["python", "-m", "evaluation.gate"])
    check >> train >> gate


retrain()
