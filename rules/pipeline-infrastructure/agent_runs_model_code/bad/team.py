import autogen
proxy = autogen.UserProxyAgent("u", code_execution_config={"work_dir": "w", "use_docker": False})
