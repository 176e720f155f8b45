from langchain_community.document_loaders import WebBaseLoader
docs = WebBaseLoader('https://forum.example.org/').load()
