"""Fills the knowledge store from reviewed documents only."""
import hashlib
import os
from pathlib import Path

from qdrant_client import QdrantClient

APPROVED = Path("agents/knowledge")
client = QdrantClient(url="https://qdrant.ml.larkspur.internal:6333", api_key=os.environ["QDRANT_API_KEY"])


def ingest(tenant, embed):
    for page in sorted(APPROVED.glob("*.md")):
        text = page.read_text()
        payload = {"tenant": tenant, "source": page.name, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        client.upsert("knowledge", [{"id": payload["sha256"][:32], "vector": embed(text), "payload": payload}])


def answer(tenant, vector):
    own = {"must": [{"key": "tenant", "match": {"value": tenant}}]}
    return client.query_points("knowledge", query=vector, query_filter=own, limit=8)
