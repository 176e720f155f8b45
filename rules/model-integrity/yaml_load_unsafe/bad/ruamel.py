from ruamel.yaml import YAML

yaml = YAML(typ="unsafe")
settings = yaml.load(open("settings.yaml"))
