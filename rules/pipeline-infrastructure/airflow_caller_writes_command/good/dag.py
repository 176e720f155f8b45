from airflow.operators.bash import BashOperator

fetch = BashOperator(
    task_id="fetch", bash_command='aws s3 cp "$SOURCE" /tmp/in.csv', env={"SOURCE": "{{ params.source }}"}
)
report = BashOperator(task_id="report", bash_command="echo {{ ds }}")
