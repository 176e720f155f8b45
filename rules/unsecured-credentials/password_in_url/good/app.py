engine = connect("postgresql://user:password@localhost/db")
other = connect("postgresql://mlflow:${DB_PASSWORD}@db/mlflow")
