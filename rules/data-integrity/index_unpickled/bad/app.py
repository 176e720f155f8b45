from langchain_community.vectorstores import FAISS
index = FAISS.load_local('index', e, allow_dangerous_deserialization=True)
