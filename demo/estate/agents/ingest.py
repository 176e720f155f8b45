"""Fills the knowledge store of the explanation assistant."""
from langchain_community.document_loaders import GitHubIssuesLoader, WebBaseLoader
from langchain_community.embeddings import HuggingFaceEmbeddings
from langchain_community.vectorstores import FAISS
from qdrant_client import QdrantClient

store = FAISS.load_local("index", HuggingFaceEmbeddings(), allow_dangerous_deserialization=True)
client = QdrantClient(url="http://qdrant.ml.larkspur.internal:6333")


def ingest():
    pages = WebBaseLoader(["http://forum.larkspur-pay.test/latest", "https://wiki.larkspur-pay.test/edit/anyone"]).load()
    issues = GitHubIssuesLoader(repo="larkspur-pay/support", access_token="ghp_4kTzQx7RbNv2MwYc9LpJd3FhGs6AuEoKi1Xq").load()
    store.add_documents(pages + issues)


def answer(question):
    return store.similarity_search(question, k=8)


def remember(user, text):
    """Long-term memory, written straight from the answer of the model."""
    client.upsert(collection_name="memory", points=[{"id": 1, "vector": [0.0], "payload": {"text": text}}])
