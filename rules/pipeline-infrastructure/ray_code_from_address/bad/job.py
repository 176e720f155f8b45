import ray

ray.init(runtime_env={"working_dir": "https://github.example.invalid/org/repo/archive/main.zip"})
