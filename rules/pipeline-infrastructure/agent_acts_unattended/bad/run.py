from interpreter import interpreter

interpreter.auto_run = True
