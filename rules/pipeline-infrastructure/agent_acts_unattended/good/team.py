import autogen
from claude_agent_sdk import ClaudeAgentOptions

user = autogen.UserProxyAgent("user", human_input_mode="NEVER", code_execution_config=False)
options = ClaudeAgentOptions(permission_mode="plan")
