resource "aws_bedrockagent_agent" "main" {
  agent_name = "a"
  guardrail_configuration {
    guardrail_identifier = "g"
    guardrail_version = "1"
  }
}
