from flask_appbuilder.security.manager import AUTH_OAUTH

AUTH_TYPE = AUTH_OAUTH
WTF_CSRF_ENABLED = True
AUTH_USER_REGISTRATION = False
