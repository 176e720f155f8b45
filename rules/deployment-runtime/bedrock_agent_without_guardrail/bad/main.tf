resource "aws_bedrockagent_agent" "main" {
  agent_name = "a"
  foundation_model = "anthropic.claude-v2"
}
