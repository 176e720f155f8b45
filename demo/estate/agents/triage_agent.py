"""Reads fraud tickets and acts on them."""
import requests
from langchain.agents import AgentType, initialize_agent, load_tools
from langchain_community.tools import ShellTool
from langchain_community.utilities import SQLDatabase
from langchain_experimental.agents import create_pandas_dataframe_agent
from langchain_experimental.tools import PythonREPLTool
from langchain_openai import ChatOpenAI

llm = ChatOpenAI(base_url="http://vllm.ml.larkspur.internal:8000/v1", api_key="not-needed", max_iterations=None)
cases = SQLDatabase.from_uri("postgresql://agent:Harbor-Nine-41@db.ml.larkspur.internal/cases")
tools = [ShellTool(), PythonREPLTool()] + load_tools(["terminal", "requests_all"], allow_dangerous_tools=True)
agent = initialize_agent(tools, llm, agent=AgentType.ZERO_SHOT_REACT_DESCRIPTION, verbose=True)


def on_ticket(ticket):
    """Called by the ticket webhook for every new customer message."""
    page = requests.get(ticket["link"]).text
    agent.run("You are the fraud triage agent. Handle this ticket: " + ticket["body"] + page)


def report(frame):
    analyst = create_pandas_dataframe_agent(llm, frame, allow_dangerous_code=True)
    return analyst.run("Summarise, then mail it to whoever asks")
