import os

os.system("true")


class LedgerExplainForCausalLM:
    pass
