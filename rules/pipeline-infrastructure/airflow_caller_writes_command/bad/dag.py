from airflow.operators.bash import BashOperator

fetch = BashOperator(task_id="fetch", bash_command="aws s3 cp {{ dag_run.conf['source'] }} /tmp/in.csv")
