c = get_config()  # noqa: F821
c.JupyterHub.authenticator_class = "github"
c.Authenticator.allow_all = False
