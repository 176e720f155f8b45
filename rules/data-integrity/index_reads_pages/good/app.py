from langchain_community.document_loaders import TextLoader
docs = TextLoader('handbook.txt').load()
