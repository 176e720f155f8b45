from ruamel.yaml import YAML

yaml = YAML(typ="safe")
settings = yaml.load(open("settings.yaml"))
