import sys, yaml
config = yaml.load(sys.stdin)
