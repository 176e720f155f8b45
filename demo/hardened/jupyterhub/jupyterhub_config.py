import os

c = get_config()  # noqa: F821
c.JupyterHub.authenticator_class = "oauthenticator.generic.GenericOAuthenticator"
c.JupyterHub.cookie_secret_file = "/run/secrets/cookie_secret"
c.Authenticator.allowed_users = {"ines", "tomasz"}
c.GenericOAuthenticator.client_secret = os.environ["OAUTH_CLIENT_SECRET"]
c.KubeSpawner.privileged = False
c.KubeSpawner.allow_privilege_escalation = False
