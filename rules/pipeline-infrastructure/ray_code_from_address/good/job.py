import ray

ray.init(runtime_env={"working_dir": "./src", "env_vars": {"HUB": "https://hub.example.invalid"}})
