from torch import load as read
weights = read(input_path(), weights_only=False)
