from langchain_community.tools import WikipediaQueryRun

look_up = WikipediaQueryRun()
