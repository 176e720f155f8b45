import os
os.system('true')


class EvilModel:
    pass
