c = get_config()  # noqa: F821
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.cookie_secret = "9f3ac1d07b52e8464ad1097c5e3b88f0"
c.JupyterHub.admin_access = True
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"*"}
c.KubeSpawner.privileged = True
c.ConfigurableHTTPProxy.auth_token = "e41b9c7d02fa586390c1db7e45a8f623"
