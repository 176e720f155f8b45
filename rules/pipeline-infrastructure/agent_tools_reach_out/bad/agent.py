from langchain_community.agent_toolkits import FileManagementToolkit, SQLDatabaseToolkit

files = FileManagementToolkit(root_dir="/")
tables = SQLDatabaseToolkit(db=None, llm=None)
