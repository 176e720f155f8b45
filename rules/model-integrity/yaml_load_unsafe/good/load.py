import yaml
from yaml import CSafeLoader

def read(path):
    return yaml.safe_load(open(path)), yaml.load(open(path), Loader=yaml.SafeLoader), yaml.load(path, CSafeLoader)
