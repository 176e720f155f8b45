engine = connect("postgresql://mlflow:s3cret-Tulip9@db.acme.dev:5432/mlflow")
